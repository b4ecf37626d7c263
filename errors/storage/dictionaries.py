"""Which dictionary an event is compressed with, and dictionaries by their id.

A group of events that has shown what it looks like has one of its own; the others share that of
their project and platform. Newer versions win.
"""

import threading
import time
from collections import OrderedDict

from errors.models import PayloadDictionary
from errors.storage.codec import Dictionary, decompress, make_dictionary

# What another process chose anew is noticed this late at the latest; each works with an old one.
CACHE_S = 60.0
# How often new ones are looked for: a burst packed without them takes four times the room for good.
LOOK_EVERY_S = 0.2
MAX_CHOICES = 20_000
# 90 KB each.
MAX_READY = 128

# Project, and either a primary hash or a platform.
_Name = tuple[int, str, str]
_choices: dict[_Name, tuple[float, int | None]] = {}
_ready: OrderedDict[int, Dictionary] = OrderedDict()
_lock = threading.Lock()
# The newest dictionary that was seen, and when to look for newer ones.
_newest_id: int | None = None
_look_at = 0.0


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


def notice_dictionaries() -> None:
    """Choose from now on what other processes have made since; call before each batch.

    Ids of two that are made at once may be seen out of order: CACHE_S finds what was missed.
    """
    global _newest_id, _look_at
    if time.monotonic() < _look_at:
        return
    _look_at = time.monotonic() + LOOK_EVERY_S
    if _newest_id is None:
        newest = PayloadDictionary.objects.order_by("-pk").values_list("pk", flat=True).first()
        _newest_id = newest or 0
        _choices.clear()
        return
    made = PayloadDictionary.objects.filter(pk__gt=_newest_id).order_by("pk")
    for dictionary_id, project_id, platform, key_id, hash_ in made.values_list(
        "pk", "project_id", "platform", "grouping_key_id", "grouping_key__hash"
    ):
        name = (project_id, "", platform) if key_id is None else (project_id, hash_ or "", "")
        # The others will be looked up when they are needed.
        if name in _choices:
            _choices[name] = (time.monotonic() + CACHE_S, dictionary_id)
        _newest_id = dictionary_id


def forget_dictionaries() -> None:
    """Look everything up anew, when a write found the database changed."""
    global _newest_id, _look_at
    _newest_id, _look_at = None, 0.0
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
