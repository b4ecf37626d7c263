"""The envelopes that a benchmark sends, made once and kept in a file.

A Python SDK's requests: an envelope with one event of about 40 KB, gzipped. Making 20,000 takes
half a minute of two cores, so they are made before the clock runs.
"""

import gzip
import hashlib
import struct
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import orjson

from benchmarks import events
from benchmarks.results import RESULTS

_LENGTH = struct.Struct("<I")
# What sentry-python uses.
GZIP_LEVEL = 9


def bodies_file(count: int) -> Path:
    """The file of this many bodies, made when it is not there or events.py has changed."""
    version = hashlib.sha256(Path(events.__file__).read_bytes()).hexdigest()[:8]
    path = RESULTS / f"bodies-{count}-{version}.bin"
    if not path.exists():
        RESULTS.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file, ProcessPoolExecutor() as pool:
            for body in pool.map(make_body, range(count), chunksize=100):
                file.write(_LENGTH.pack(len(body)) + body)
        unfinished.rename(path)
    return path


def read_bodies(path: Path, *, first: int, count: int) -> list[bytes]:
    """Some of the file's bodies, as they go over the wire."""
    return list(_slice(path.read_bytes(), first, first + count))


def _slice(content: bytes, first: int, last: int) -> Iterator[bytes]:
    offset = 0
    for number in range(last):
        (length,) = _LENGTH.unpack_from(content, offset)
        offset += _LENGTH.size
        if number >= first:
            yield content[offset : offset + length]
        offset += length


def make_body(serial: int) -> bytes:
    """One gzipped envelope; issues come in turn, so that all are met early."""
    event = events.make_event(serial % events.ISSUES, serial)
    payload = orjson.dumps(event)
    header = {"event_id": event["event_id"], "sent_at": event["timestamp"], "sdk": event["sdk"]}
    item = {"type": "event", "content_type": "application/json", "length": len(payload)}
    envelope = b"\n".join((orjson.dumps(header), orjson.dumps(item), payload, b""))
    return gzip.compress(envelope, GZIP_LEVEL, mtime=0)
