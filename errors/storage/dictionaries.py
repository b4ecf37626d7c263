"""Which dictionary a project and platform compress with now, and dictionaries by their id."""

import time
from collections import OrderedDict

from errors.models import PayloadDictionary
from errors.storage.codec import Dictionary

# A new dictionary may be noticed this late by the other processes; each works with an old one.
CACHE_S = 5.0
# 110 KB each.
MAX_CONTENTS = 16

_current: dict[tuple[int, str], tuple[float, int | None]] = {}
_contents: OrderedDict[int, Dictionary] = OrderedDict()


def current_dictionary(project_id: int, platform: str) -> Dictionary | None:
    """The newest dictionary of the project and platform; None before the first training."""
    key = (project_id, platform)
    known = _current.get(key)
    if known is None or known[0] < time.monotonic():
        known = (time.monotonic() + CACHE_S, _newest_id(project_id, platform))
        _current[key] = known
    return dictionary_of(known[1]) if known[1] else None


def dictionary_of(dictionary_id: int) -> Dictionary | None:
    """The dictionary of this id; None when its project has gone."""
    known = _contents.get(dictionary_id)
    if known is None:
        content = (
            PayloadDictionary.objects.filter(pk=dictionary_id)
            .values_list("content", flat=True)
            .first()
        )
        if content is None:
            return None
        known = _contents[dictionary_id] = Dictionary(dictionary_id, bytes(content))
        if len(_contents) > MAX_CONTENTS:
            _contents.popitem(last=False)
    return known


def forget_dictionaries() -> None:
    """Look everything up anew: after a training, and when a write found the database changed."""
    _current.clear()
    _contents.clear()


def _newest_id(project_id: int, platform: str) -> int | None:
    return (
        PayloadDictionary.objects.filter(project_id=project_id, platform=platform)
        .order_by("-version")
        .values_list("pk", flat=True)
        .first()
    )
