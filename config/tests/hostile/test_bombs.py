"""Bombs: small bodies that open to gigabytes, or nest without end, at every address."""

import gzip
import io
import json
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from config.tests.hostile.addresses import every_address
from config.tests.hostile.asking import NO_CHANNEL, REFUSALS
from config.tests.hostile.scene import Scene, harmed, snapshot

pytestmark = pytest.mark.django_db

MEBIBYTE = 1024 * 1024
OPENED_BYTES = 256 * MEBIBYTE
# An envelope may have 20 MiB, and is held a few times over while it is looked at.
MAX_PEAK_BYTES = 96 * MEBIBYTE
DEEP = 200_000


def _gzip() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6) as file:
        for _ in range(OPENED_BYTES // MEBIBYTE):
            file.write(bytes(MEBIBYTE))
    return packed.getvalue()


def _deflate() -> bytes:
    packer = zlib.compressobj()
    parts = [packer.compress(bytes(MEBIBYTE)) for _ in range(OPENED_BYTES // MEBIBYTE)]
    return b"".join(parts) + packer.flush()


def _brotli() -> bytes:
    packer = brotli.Compressor(quality=1)
    parts = [packer.process(bytes(MEBIBYTE)) for _ in range(OPENED_BYTES // MEBIBYTE)]
    return b"".join(parts) + bytes(packer.finish())


def _zstd() -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    parts = [packer.compress(bytes(MEBIBYTE)) for _ in range(OPENED_BYTES // MEBIBYTE)]
    return b"".join(parts) + packer.flush()


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_compressed_bomb_is_refused_everywhere(scene: Scene, coding: str) -> None:
    bomb, key = BOMBS[coding](), scene.own.keys.get().public_key
    client, before = scene.client("all of the stranger's"), snapshot(scene)
    for path in _paths(scene):
        tracemalloc.start()
        answer = client.post(
            f"{path}?sentry_key={key}",
            bomb,
            content_type="application/json",
            headers={"Content-Encoding": coding, "X-Sentry-Auth": f"Sentry sentry_key={key}"},
        )
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert answer.status_code < 500, path
        assert peak < MAX_PEAK_BYTES + len(bomb), (path, peak)
        if path.startswith("/api/"):
            assert answer.status_code in REFUSALS, path
    assert not harmed(scene, before)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b'{"a":' * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        json.dumps({f"k{number}": number for number in range(100_000)}).encode(),
        b'{"timestamp":1e999999}',
        b'{"id":' + b"9" * 5000 + b"}",
        b'"\\ud800"',
        b"\xff\xfe\x00",
        b"null",
        b"",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_bodies_that_are_hard_to_read_are_refused(scene: Scene, body: bytes) -> None:
    client, key = scene.client("all of the stranger's"), scene.own.keys.get().public_key
    for path in _paths(scene):
        for method in ("POST", "PUT"):
            answer = client.generic(
                method,
                path,
                body,
                "application/json",
                headers={"X-Sentry-Auth": f"Sentry sentry_key={key}"},
            )
            assert answer.status_code < 500, (method, path)


def test_forms_of_a_hundred_thousand_fields_are_refused(scene: Scene) -> None:
    body = "&".join(f"k{number}=v" for number in range(100_000)).encode()
    client = scene.client("all of the stranger's")
    for path in _paths(scene):
        kind = "application/x-www-form-urlencoded"
        assert client.generic("POST", path, body, kind).status_code < 500, path


def _paths(scene: Scene) -> list[str]:
    """Addresses as the stranger can use them: ingestion with their own project's id."""
    more = {"project": scene.own.pk, "project_id": scene.own.pk}
    scene.more |= more
    paths = [each.path(scene.value_of) for each in every_address() if not each.is_admin]
    return [path for path in paths if path != NO_CHANNEL]
