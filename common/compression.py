"""Content codings of HTTP, opened as streams with a limit on what may come out.

A few hundred bytes can open to a gigabyte, so no coding is ever opened without a bound.
"""

from collections.abc import Callable
from typing import Literal

import brotli
import zstandard
from zlib_ng import zlib_ng

Kind = Literal["unknown", "truncated", "corrupt", "too_large"]

_DETAILS: dict[Kind, str] = {
    "unknown": "the content coding is not known",
    "truncated": "the compressed data ends too early",
    "corrupt": "the compressed data is damaged",
    "too_large": "the data is too large once opened",
}
# RFC 9659: a zstd stream in HTTP needs a window of 8 MiB at most.
_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024
# A block of 4 bytes can open to 128 KiB: a piece of 256 bytes exceeds the limit by 8 MiB at most.
_ZSTD_PIECE_BYTES = 256


class CompressionError(ValueError):
    """A body that cannot be opened: `kind` says why, the text says it to people."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(_DETAILS[kind])
        self.kind = kind


def coding_named(text: str) -> str:
    """Name the coding of a Content-Encoding header, in any case; "" when there is none.

    Raises: CompressionError("unknown"), also for a list of codings.
    """
    coding = text.strip().lower()
    coding = {"identity": "", "x-gzip": "gzip"}.get(coding, coding)
    if coding and coding not in _OPENERS:
        raise CompressionError("unknown")
    return coding


def decompress(body: bytes, coding: str, *, max_bytes: int) -> bytes:
    """Open a body of one coding: "", "gzip", "deflate" (with or without zlib header), "br", "zstd".

    Memory:  about max_bytes (zstd: 16 MiB more), whatever the body holds.
    Raises:  CompressionError.
    Source:  RFC 9110, section 8.4.1; RFC 7932; RFC 9659.
    """
    if not coding:
        if len(body) > max_bytes:
            raise CompressionError("too_large")
        return body
    opener = _OPENERS.get(coding)
    if opener is None:
        raise CompressionError("unknown")
    return opener(body, max_bytes)


def _open_gzip(body: bytes, max_bytes: int) -> bytes:
    return _inflate(body, max_bytes, zlib_ng.MAX_WBITS | 16)


def _open_deflate(body: bytes, max_bytes: int) -> bytes:
    if not _has_zlib_header(body):
        return _inflate(body, max_bytes, -zlib_ng.MAX_WBITS)
    try:
        return _inflate(body, max_bytes, zlib_ng.MAX_WBITS)
    except CompressionError as error:
        if error.kind != "corrupt":
            raise
        # One raw stream in a thousand begins like a zlib header.
        return _inflate(body, max_bytes, -zlib_ng.MAX_WBITS)


def _has_zlib_header(body: bytes) -> bool:
    """RFC 1950: the method is 8, and the first two bytes are a multiple of 31."""
    return len(body) >= 2 and body[0] & 15 == 8 and (body[0] << 8 | body[1]) % 31 == 0


def _inflate(body: bytes, max_bytes: int, window_bits: int) -> bytes:
    # A third of the standard library's time; each gzipped event is opened twice.
    inflater = zlib_ng.decompressobj(window_bits)
    try:
        data = inflater.decompress(body, max_bytes + 1)
    except zlib_ng.error as error:  # type: ignore[misc]  # its stub takes the class for an instance
        raise CompressionError("corrupt") from error
    return _checked(data, max_bytes, is_finished=inflater.eof, rest=inflater.unused_data)


def _open_brotli(body: bytes, max_bytes: int) -> bytes:
    opener = brotli.Decompressor()
    try:
        data = opener.process(body, output_buffer_limit=max_bytes + 1)
    except brotli.error as error:
        raise CompressionError("corrupt") from error
    return _checked(data, max_bytes, is_finished=opener.is_finished(), rest=b"")


def _open_zstd(body: bytes, max_bytes: int) -> bytes:
    opener = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
    pieces: list[bytes] = []
    opened_bytes = 0
    for start in range(0, len(body), _ZSTD_PIECE_BYTES):
        if opener.eof:
            raise CompressionError("corrupt")
        try:
            pieces.append(opener.decompress(body[start : start + _ZSTD_PIECE_BYTES]))
        except zstandard.ZstdError as error:
            raise CompressionError("corrupt") from error
        opened_bytes += len(pieces[-1])
        if opened_bytes > max_bytes:
            raise CompressionError("too_large")
    data = b"".join(pieces)
    return _checked(data, max_bytes, is_finished=opener.eof, rest=opener.unused_data)


def _checked(data: bytes, max_bytes: int, *, is_finished: bool, rest: bytes) -> bytes:
    """The data of one whole stream with nothing after it.

    A second stream counts as damage: no SDK sends one, and a million empty ones are an attack.
    """
    if len(data) > max_bytes:
        raise CompressionError("too_large")
    if not is_finished:
        raise CompressionError("truncated")
    if rest:
        raise CompressionError("corrupt")
    return data


_OPENERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _open_gzip,
    "deflate": _open_deflate,
    "br": _open_brotli,
    "zstd": _open_zstd,
}
