"""zstd with and without a dictionary. No database."""

from dataclasses import dataclass

import zstandard

LEVEL = 3
HARD_LEVEL = 9
# A group's pattern is one event long, and many are in memory: 48 KB of tables each find as much
# in it as 384 KB do. A platform's dictionary is three times as long, and only a few are used.
PATTERN_BYTES = 64 * 1024
PATTERN_HASH_LOG = 13
DICTIONARY_HASH_LOG = 16
# Shorter matches cost more to write down than they save.
MIN_MATCH = 7


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A dictionary that is ready for use: the id of its row, and its digested bytes."""

    id: int
    digested: zstandard.ZstdCompressionDict
    parameters: zstandard.ZstdCompressionParameters


def make_dictionary(row_id: int, content: bytes) -> Dictionary:
    """Digest a trained dictionary or any bytes to compress against (70 µs for 40 KB)."""
    hash_log = PATTERN_HASH_LOG if len(content) < PATTERN_BYTES else DICTIONARY_HASH_LOG
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL,
        window_log=17,
        hash_log=hash_log,
        chain_log=hash_log - 1,
        min_match=MIN_MATCH,
        # The row names the dictionary and the database keeps the bytes whole.
        write_checksum=False,
        write_dict_id=False,
    )
    digested = zstandard.ZstdCompressionDict(content)
    digested.precompute_compress(compression_params=parameters)
    return Dictionary(row_id, digested, parameters)


def compress(data: bytes, dictionary: Dictionary | None) -> bytes:
    """Return `data` as one zstd frame that knows its opened size.

    The compressor is a passing one: 15 µs more than to keep it, but it is never shared between
    threads, and a hundred of them would take 40 MB.
    """
    if dictionary is None:
        return zstandard.ZstdCompressor(level=LEVEL, write_checksum=False).compress(data)
    compressor = zstandard.ZstdCompressor(
        compression_params=dictionary.parameters, dict_data=dictionary.digested
    )
    return compressor.compress(data)


def compress_hard(data: bytes) -> bytes:
    """As `compress` without a dictionary, smaller by a tenth and much slower (2 ms)."""
    return zstandard.ZstdCompressor(level=HARD_LEVEL, write_checksum=False).compress(data)


def decompress(content: bytes, dictionary: Dictionary | None) -> bytes:
    """Open what `compress` made with the same dictionary. Raises zstandard.ZstdError."""
    digested = dictionary.digested if dictionary else None
    return zstandard.ZstdDecompressor(dict_data=digested).decompress(content)
