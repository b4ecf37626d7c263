"""Which dictionary an event is compressed with, and dictionaries by their id.

A group of events that has shown what it looks like has one of its own; the others share that of
their project and platform. Newer versions win.
"""

import threading
import time
from collections import OrderedDict

from errors.models import PayloadDictionary
from errors.storage.codec import Dictionary, decompress, make_dictionary

# Another process may notice a new dictionary this late; each works with an old one too.
CACHE_S = 60.0
MAX_CHOICES = 20_000
# 90 KB each.
MAX_READY = 128

# Project, and either a primary hash or a platform.
_Name = tuple[int, str, str]
_choices: dict[_Name, tuple[float, int | None]] = {}
_ready: OrderedDict[int, Dictionary] = OrderedDict()
_lock = threading.Lock()


def choose_dictionary(project_id: int, platform: str, hash_: str) -> Dictionary | None:
    """The dictionary for an event with this primary hash; None before the first training."""
    chosen = _choose((project_id, hash_, "")) or _choose((project_id, "", platform))
    return dictionary_of(chosen) if chosen else None


def dictionary_of(dictionary_id: int) -> Dictionary | None:
    """The dictionary of this id; None when its project or its group has gone."""
    with _lock:
        if known := _ready.get(dictionary_id):
            _ready.move_to_end(dictionary_id)
            return known
    row = PayloadDictionary.objects.filter(pk=dictionary_id).values_list("content", flat=True)
    content = row.first()
    if content is None:
        return None
    made = make_dictionary(dictionary_id, decompress(bytes(content), None))
    with _lock:
        _ready[dictionary_id] = made
        if len(_ready) > MAX_READY:
            _ready.popitem(last=False)
    return made


def use_dictionary(project_id: int, dictionary_id: int, *, platform: str, hash_: str) -> None:
    """Choose a dictionary that was just made; `hash_` is "" for a platform's."""
    name = (project_id, hash_, "") if hash_ else (project_id, "", platform)
    _choices[name] = (time.monotonic() + CACHE_S, dictionary_id)


def forget_dictionaries() -> None:
    """Look everything up anew, when a write found the database changed."""
    _choices.clear()
    with _lock:
        _ready.clear()


def _choose(name: _Name) -> int | None:
    known = _choices.get(name)
    if known is None or known[0] < time.monotonic():
        if len(_choices) >= MAX_CHOICES:
            _choices.clear()
        known = _choices[name] = (time.monotonic() + CACHE_S, _find(*name))
    return known[1]


def _find(project_id: int, hash_: str, platform: str) -> int | None:
    rows = PayloadDictionary.objects.filter(project_id=project_id)
    if hash_:
        rows = rows.filter(grouping_key__hash=hash_)
    else:
        rows = rows.filter(grouping_key=None, platform=platform)
    return rows.order_by("-version").values_list("pk", flat=True).first()
