"""Packs as objects of PAYLOAD_STORAGE: written and verified, read through a cache, removed."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

ALIAS = "payloads"
# Of one page's neighbours; a pack is 1 MB or 2.
CACHE_BYTES = 8 * 1024 * 1024

_cache: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


class PayloadsAwayError(Exception):
    """The object storage cannot be reached, or has lost an object; the text is for people."""


def has_payload_storage() -> bool:
    """Whether PAYLOAD_STORAGE is set."""
    return ALIAS in settings.STORAGES


def write_pack(name: str, content: bytes) -> None:
    """Store an object and read it back. Raises PayloadsAwayError, also when it differs."""
    with _translated("write") as storage:
        kept_as = storage.save(name, ContentFile(content))
        with storage.open(kept_as) as file:
            is_whole = kept_as == name and file.read() == content
    if not is_whole:
        raise PayloadsAwayError("The object storage did not keep what was written.")


def read_pack(name: str) -> bytes:
    """Return a whole object. Raises PayloadsAwayError."""
    with _lock:
        if (known := _cache.get(name)) is not None:
            _cache.move_to_end(name)
            return known
    content = read_object(name)
    with _lock:
        _cache[name] = content
        while sum(map(len, _cache.values())) > CACHE_BYTES:
            _cache.popitem(last=False)
    return content


def read_object(name: str) -> bytes:
    """Return a whole object, past the cache. Raises PayloadsAwayError."""
    with _translated("read") as storage, storage.open(name) as file:
        content: bytes = file.read()
        return content


def remove_pack(name: str) -> None:
    """Delete an object; one that is not there is no error. Raises PayloadsAwayError."""
    with _translated("delete") as storage:
        storage.delete(name)
    with _lock:
        _cache.pop(name, None)


def forget_packs() -> None:
    """Read every object anew."""
    with _lock:
        _cache.clear()


@contextmanager
def _translated(verb: str) -> Iterator[Storage]:
    if not has_payload_storage():
        raise PayloadsAwayError("PAYLOAD_STORAGE is not set, and payloads lie in object storage.")
    storage = storages[ALIAS]
    try:
        yield storage
    except getattr(storage, "failures", (OSError,)) as error:
        why = f"The object storage could not {verb}: {type(error).__name__}."
        raise PayloadsAwayError(why) from error
