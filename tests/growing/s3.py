"""A local server that speaks S3, with one bucket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from tests.server import child_environment, free_port, wait_until

BUCKET = "payloads"


@dataclass(frozen=True, slots=True)
class ObjectStorage:
    """The server's process and address."""

    process: subprocess.Popen[bytes]
    address: str

    @property
    def setting(self) -> str:
        """PAYLOAD_STORAGE for it."""
        return (
            f"s3://{BUCKET}/packs?endpoint_url={self.address}"
            "&region_name=us-east-1&addressing_style=path"
        )

    def object_count(self) -> int:
        """How many objects the bucket holds."""
        return httpx.get(f"{self.address}/{BUCKET}?list-type=2").text.count("<Key>")


@contextmanager
def object_storage() -> Iterator[ObjectStorage]:
    """The server, running; what it holds goes with it."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        env=child_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    storage = ObjectStorage(process, f"http://127.0.0.1:{port}")
    try:
        wait_until(lambda: _make_bucket(storage), "the object storage to answer")
        yield storage
    finally:
        process.kill()
        process.wait()


def _make_bucket(storage: ObjectStorage) -> bool:
    try:
        return httpx.put(f"{storage.address}/{BUCKET}").is_success
    except httpx.TransportError:
        return False
