"""zstd with and without a dictionary. No database."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import zstandard

# Level 3 opens as fast as any, and with a dictionary packs as fast as level 1: fewer literals.
LEVEL = 3
# A compressor holds 0.6 MB, its dictionary not counted; few platforms are busy at once.
MAX_CODERS = 8


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A trained dictionary: the id of its row, and its bytes."""

    id: int
    content: bytes


@dataclass(slots=True)
class _Coders:
    """The compressor and decompressor of one dictionary; neither may run in two threads."""

    compressor: zstandard.ZstdCompressor
    decompressor: zstandard.ZstdDecompressor
    lock: threading.Lock = field(default_factory=threading.Lock)


_coders: OrderedDict[int, _Coders] = OrderedDict()
_coders_lock = threading.Lock()


def compress(data: bytes, dictionary: Dictionary | None) -> bytes:
    """Return `data` as one zstd frame that knows its opened size."""
    coders = _coders_of(dictionary)
    with coders.lock:
        return coders.compressor.compress(data)


def decompress(content: bytes, dictionary: Dictionary | None) -> bytes:
    """Open what `compress` made with the same dictionary. Raises zstandard.ZstdError."""
    coders = _coders_of(dictionary)
    with coders.lock:
        return coders.decompressor.decompress(content)


def forget_coders() -> None:
    """Give the memory of all compressors back."""
    with _coders_lock:
        _coders.clear()


def _coders_of(dictionary: Dictionary | None) -> _Coders:
    key = dictionary.id if dictionary else 0
    with _coders_lock:
        coders = _coders.get(key)
        if coders is None:
            coders = _coders[key] = _make_coders(dictionary)
            if len(_coders) > MAX_CODERS:
                _coders.popitem(last=False)
        else:
            _coders.move_to_end(key)
    return coders


def _make_coders(dictionary: Dictionary | None) -> _Coders:
    trained = zstandard.ZstdCompressionDict(dictionary.content) if dictionary else None
    if trained:
        trained.precompute_compress(level=LEVEL)
    # The row names the dictionary and the database keeps the bytes whole: 8 bytes less a frame.
    compressor = zstandard.ZstdCompressor(
        level=LEVEL, dict_data=trained, write_checksum=False, write_dict_id=False
    )
    return _Coders(compressor, zstandard.ZstdDecompressor(dict_data=trained))
