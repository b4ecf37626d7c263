"""Learn from a project's own events how to compress the next ones.

A sample is a stored document, and so scrubbed; users, request values and locals are blanked as
well, so that nobody's data lives on in a dictionary.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

import zstandard
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common import jsonio
from errors.models import Event, EventPayload, GroupingKey, PayloadDictionary
from errors.storage.dictionaries import forget_dictionaries
from errors.storage.documents import open_payload

# Events of a project and platform at which a dictionary is trained anew.
STAGES = (100, 1_000, 10_000)
MAX_SAMPLES = 400
DICTIONARY_BYTES = 112 * 1024


def due_stage(event_count: int, trained_on: int) -> int | None:
    """The stage to train for after so many events, None when it is trained already."""
    reached = [stage for stage in STAGES if trained_on < stage <= event_count]
    return reached[-1] if reached else None


def train_dictionary(project_id: int, platform: str, *, sample_count: int) -> int | None:
    """Train and keep the next version; return its id, None when there is too little to learn."""
    samples: list[bytes | bytearray | memoryview] = [
        jsonio.dumps(blank_document(document))
        for document in _sample_documents(project_id, platform, min(sample_count, MAX_SAMPLES))
    ]
    try:
        trained = zstandard.train_dictionary(DICTIONARY_BYTES, samples)
    except zstandard.ZstdError:
        return None
    dictionary_id = _keep(project_id, platform, trained.as_bytes(), sample_count)
    forget_dictionaries()
    return dictionary_id


def blank_document(document: dict[str, Any]) -> dict[str, Any]:
    """Empty what can be somebody's: the user, request values, locals; keys stay. In place."""
    event = document["event"]
    event.pop("user", None)
    if "request" in event:
        event["request"] = {name: _blank(value) for name, value in event["request"].items()}
    for frame in _frames_of(event):
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


def _frames_of(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for holder in ("exception", "threads"):
        for item in event.get(holder, {}).get("values", ()):
            for trace in ("stacktrace", "raw_stacktrace"):
                yield from item.get(trace, {}).get("frames", ())


def _sample_documents(project_id: int, platform: str, count: int) -> Iterator[dict[str, Any]]:
    ids = _sample_ids(project_id, platform, count)
    rows = EventPayload.objects.filter(pk__in=ids).values_list("content", "dictionary_id")
    for content, dictionary_id in rows.iterator(chunk_size=50):
        yield jsonio.loads(open_payload(bytes(content), dictionary_id))


def _sample_ids(project_id: int, platform: str, count: int) -> list[int]:
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


def _keep(project_id: int, platform: str, content: bytes, sample_count: int) -> int:
    with transaction.atomic():
        siblings = PayloadDictionary.objects.filter(project_id=project_id, platform=platform)
        newest = siblings.aggregate(newest=Max("version"))["newest"] or 0
        made = PayloadDictionary.objects.create(
            project_id=project_id,
            platform=platform,
            version=newest + 1,
            sample_count=sample_count,
            content=content,
            created_at=timezone.now(),
        )
    return made.pk
