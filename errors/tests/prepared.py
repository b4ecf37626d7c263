"""Prepared events for tests of what is written: no SDK, no parsing, every field to choose."""

import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from common.row_ids import EPOCH_MS, row_id_at
from errors.grouping import Grouping
from errors.services.prepare import PreparedEvent
from errors.services.record import Recorded, assign, forget_caches, record_events
from errors.services.record_issues import StaleAssignmentError
from errors.storage import pack_document
from errors.summary import Summary
from projects.models import Project

# A Monday noon in 2026.
NOON = 1_780_315_200.0
# A key or an issue can go between assigning and recording.
ATTEMPTS = 5
_serial = itertools.count(1)


def make_project(slug: str = "shop", prefix: str = "SHOP") -> Project:
    return Project.objects.create(name=slug.title(), slug=slug, short_prefix=prefix)


def hash_of(name: str) -> str:
    """A grouping hash that reads like its name in a failing test."""
    return name.encode().hex().ljust(32, "0")[:32]


def make_prepared(
    project: Project,
    group: str = "crash",
    *,
    at: float = NOON,
    received_at: float | None = None,
    event_id: str = "",
    secondary: str = "",
    **changes: Any,
) -> PreparedEvent:
    """One event of the group, which happened and was received at `at` unless told otherwise."""
    serial = next(_serial)
    fields = {"title": "ValueError", "value": "no order", "level": 40, "culprit": "", **changes}
    summary = Summary(
        title=fields["title"],
        type=fields["title"],
        value=fields["value"],
        culprit=fields["culprit"],
        level=fields["level"],
        route="",
        handled=None,
        platform="python",
    )
    return PreparedEvent(
        project_id=project.pk,
        row_id=row_id_at(EPOCH_MS) + serial,
        event_id=event_id or uuid.uuid4().hex,
        occurred_at=at,
        received_at=at if received_at is None else received_at,
        release=fields.get("release", ""),
        environment=fields.get("environment", "production"),
        user_hash=fields.get("user_hash"),
        tags=fields.get("tags", []),
        grouping=Grouping(
            hash_of(group), hash_of(secondary) if secondary else None, 1, {"strategy": "message"}
        ),
        summary=summary,
        payload=pack_document(
            {"event": {"level": "error"}},
            project_id=project.pk,
            platform="python",
            hash_=hash_of(group),
        ),
    )


def store_events(events: Sequence[PreparedEvent], *, now: float) -> list[Recorded]:
    """Write events as the digest does, in a transaction of their own."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            assigned = assign(events, now=now)
            with transaction.atomic():
                return record_events(events, assigned, now=now)
        except StaleAssignmentError:
            forget_caches()
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")
