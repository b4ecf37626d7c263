"""Content codings: what each SDK sends is opened, and nothing opens without a bound."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from common.compression import CompressionError, coding_named, decompress

EVENT = b'{"message": "The shop is closed."}' * 400
GIGABYTE = 1 << 30
MEBIBYTE = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


WRITERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
]
COMPRESSING = WRITERS[1:]


@pytest.mark.parametrize(("coding", "write"), WRITERS)
@given(data=st.binary(max_size=5000))
def test_what_was_compressed_is_opened(
    coding: str, write: Callable[[bytes], bytes], data: bytes
) -> None:
    assert decompress(write(data), coding, max_bytes=5000) == data


@pytest.mark.parametrize(("coding", "write"), WRITERS)
def test_one_byte_more_than_allowed_is_too_large(
    coding: str, write: Callable[[bytes], bytes]
) -> None:
    body = write(EVENT)

    assert decompress(body, coding, max_bytes=len(EVENT)) == EVENT
    assert kind_of(body, coding, max_bytes=len(EVENT) - 1) == "too_large"


@pytest.mark.parametrize(("coding", "write"), COMPRESSING)
def test_a_stream_cut_anywhere_is_truncated(coding: str, write: Callable[[bytes], bytes]) -> None:
    body = write(EVENT)

    assert {kind_of(body[:size], coding) for size in range(10, len(body))} == {"truncated"}


@pytest.mark.parametrize(("coding", "write"), COMPRESSING)
def test_bytes_after_the_stream_are_damage(coding: str, write: Callable[[bytes], bytes]) -> None:
    assert kind_of(write(EVENT) + write(EVENT), coding) == "corrupt"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_plain_json_is_no_compressed_stream(coding: str) -> None:
    assert kind_of(EVENT, coding) in {"corrupt", "truncated"}


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@given(data=st.binary(max_size=300))
def test_noise_raises_nothing_else(coding: str, data: bytes) -> None:
    try:
        decompress(data, coding, max_bytes=MEBIBYTE)
    except CompressionError as error:
        assert str(error)


class Brotli:
    """brotli's writer under the names that zlib and zstandard use."""

    def __init__(self) -> None:
        self._writer = brotli.Compressor(quality=5)

    def compress(self, data: bytes) -> bytes:
        return bytes(self._writer.process(data))

    def flush(self) -> bytes:
        return bytes(self._writer.finish())


STREAMS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: zlib.compressobj(wbits=31),
    "deflate": lambda: zlib.compressobj(wbits=-15),
    "br": Brotli,
    "zstd": lambda: zstandard.ZstdCompressor().compressobj(),
}


def gigabyte_in(coding: str) -> bytes:
    """A gigabyte of zeros, compressed without ever holding it."""
    stream = STREAMS[coding]()
    chunk = bytes(MEBIBYTE)
    pieces = [stream.compress(chunk) for _ in range(GIGABYTE // MEBIBYTE)]
    return b"".join(pieces) + bytes(stream.flush())


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_costs_bounded_memory(coding: str) -> None:
    bomb = gigabyte_in(coding)
    assert len(bomb) < GIGABYTE // 500

    tracemalloc.start()
    try:
        assert kind_of(bomb, coding, max_bytes=MEBIBYTE) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 32 * MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("header", "coding"),
    [("", ""), ("identity", ""), (" GZIP ", "gzip"), ("x-gzip", "gzip"), ("Br", "br")],
)
def test_codings_are_named_in_any_case(header: str, coding: str) -> None:
    assert coding_named(header) == coding


@pytest.mark.parametrize("header", ["compress", "gzip, br", "gzip,gzip"])
def test_other_codings_are_unknown(header: str) -> None:
    with pytest.raises(CompressionError) as caught:
        coding_named(header)
    assert caught.value.kind == "unknown"
    assert kind_of(b"x", header) == "unknown"


def kind_of(body: bytes, coding: str, *, max_bytes: int = MEBIBYTE) -> str:
    with pytest.raises(CompressionError) as caught:
        decompress(body, coding, max_bytes=max_bytes)
    return caught.value.kind
