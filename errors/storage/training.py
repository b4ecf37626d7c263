"""Learn from events how to compress the next ones like them.

Samples are stored documents, and so scrubbed. Nobody's data lives on in a dictionary: a
platform's samples have users, request values and locals blanked, and a group's pattern keeps
only what several people's events have in common.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import zip_longest
from typing import Any

import zstandard
from django.db import transaction
from django.db.models import Max

from common import jsonio
from errors.models import Event, GroupingKey, PayloadDictionary
from errors.storage.codec import compress_hard
from errors.storage.contents import read_contents
from errors.storage.dictionaries import use_dictionary
from errors.storage.documents import open_payload, read_document
from errors.storage.packs import PayloadsAwayError
from errors.storage.patterns import frames_of, make_pattern

# Of 40 KB each, they take 0.2 s; more are for large groups, which have patterns of their own.
MAX_SAMPLES = 100
DICTIONARY_BYTES = 112 * 1024
# A pattern is what so many events agree on, of so many people where any are named.
PATTERN_SAMPLES = 5
PATTERN_PEOPLE = 4
# Among how many of a group's newest events the samples are looked for.
PATTERN_CANDIDATES = 100


def train_platform(
    project_id: int, platform: str, *, sample_count: int, now: datetime
) -> PayloadDictionary | None:
    """Make the platform's next dictionary; None where zstd finds too little to learn from."""
    ids = _ids_of_platform(project_id, platform, MAX_SAMPLES)
    samples: list[bytes | bytearray | memoryview] = [
        jsonio.dumps(blank_document(document)) for document in _read_documents(ids)
    ]
    try:
        trained = zstandard.train_dictionary(DICTIONARY_BYTES, samples)
    except zstandard.ZstdError:
        return None
    row = PayloadDictionary(
        project_id=project_id, platform=platform, sample_count=sample_count, created_at=now
    )
    return _keep(row, trained.as_bytes(), hash_="")


def train_group(key: GroupingKey, *, sample_count: int, now: datetime) -> PayloadDictionary | None:
    """Make the group's next pattern; None when its events are no longer kept."""
    newest = Event.objects.filter(grouping_key=key).order_by("-pk")[:PATTERN_CANDIDATES]
    ids, is_one_person = _pick_people(list(newest.values_list("pk", "user_hash")))
    documents = list(_read_documents(ids))
    if len(documents) < PATTERN_PEOPLE:
        return None
    pattern = make_pattern(documents, is_one_person=is_one_person)
    row = PayloadDictionary(
        project_id=key.project_id,
        platform=documents[0]["event"]["platform"],
        grouping_key=key,
        sample_count=sample_count,
        created_at=now,
    )
    return _keep(row, jsonio.dumps(pattern), hash_=key.hash or "")


def _pick_people(events: Sequence[tuple[int, int | None]]) -> tuple[list[int], bool]:
    """Events of as many people as there are, and whether they are too few to hide among.

    Events that name nobody may all be about one person.
    """
    people = {user_hash: pk for pk, user_hash in reversed(events) if user_hash is not None}
    if len(people) >= PATTERN_PEOPLE:
        return sorted(people.values(), reverse=True)[:PATTERN_SAMPLES], False
    return [pk for pk, _ in events[:PATTERN_SAMPLES]], True


def _ids_of_platform(project_id: int, platform: str, count: int) -> list[int]:
    """The newest events of the busiest groups, one of each in turn."""
    keys = GroupingKey.objects.filter(
        project_id=project_id, issue__platform=platform, event_count__gt=0
    )
    by_key: list[Iterable[int]] = [
        Event.objects.filter(grouping_key=key).order_by("-pk").values_list("pk", flat=True)[:count]
        for key in keys.order_by("-event_count").values_list("pk", flat=True)[:count]
    ]
    turns = (pk for turn in zip_longest(*by_key) for pk in turn if pk is not None)
    return [pk for pk, _ in zip(turns, range(count), strict=False)]


def _read_documents(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The documents of these events that are kept and can be had, their times folded."""
    with suppress(PayloadsAwayError):
        for content in read_contents(ids):
            yield read_document(open_payload(content.packed, content.dictionary_id))


def blank_document(document: dict[str, Any]) -> dict[str, Any]:
    """Empty what can be somebody's: the user, request values, locals; names stay. In place."""
    event = document["event"]
    event.pop("user", None)
    if "request" in event:
        event["request"] = _blank(event["request"])
    for frame in frames_of(event):
        if "vars" in frame:
            frame["vars"] = _blank(frame["vars"])
    return document


def _blank(value: Any) -> Any:
    """The same shape with empty texts and no numbers; pairs keep their names."""
    if isinstance(value, dict):
        return {name: _blank(part) for name, part in value.items()}
    if isinstance(value, list):
        is_pair = len(value) == 2 and isinstance(value[0], str)
        return [value[0], _blank(value[1])] if is_pair else [_blank(part) for part in value]
    return "" if isinstance(value, str) else None


def _keep(row: PayloadDictionary, content: bytes, *, hash_: str) -> PayloadDictionary:
    """Store the dictionary as the next version, and use it from now on."""
    with transaction.atomic():
        siblings = PayloadDictionary.objects.filter(grouping_key=row.grouping_key)
        if row.grouping_key is None:
            siblings = siblings.filter(project_id=row.project_id, platform=row.platform)
        row.version = 1 + (siblings.aggregate(newest=Max("version"))["newest"] or 0)
        row.content = compress_hard(content)
        row.save()
    use_dictionary(row.project_id, row.pk, platform=row.platform, hash_=hash_)
    return row
