"""Live the week through: the same way as messages from an inbox, at the times when they came."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from common import jsonio
from common.row_ids import row_id_at
from config.demo.losses import seed_losses
from config.demo.projects import make_projects
from config.demo.week import Deed, Moment, make_event, plan_deeds, plan_moments
from config.demo.words import FILES, NOTES, Item, feedback_of, files_of
from errors.models import Event, Issue
from errors.services.policies import policy_of
from errors.services.retention import age_issues
from errors.services.status import archive_issues, resolve_issues
from ingest.digest.marks import forget_marks
from ingest.digest.prepare import prepare_message
from ingest.digest.write import write_batch
from ingest.inbox.base import Delivery, Message
from projects.models import ProjectKey

# From the crash to the inbox.
LATENCY_MS = 180
MAX_BATCH = 200
# The upper half of a millisecond's ids: inboxes count from the lowest.
FIRST_LOW_BITS = 2048
DEEDS = {"resolve": resolve_issues, "archive": archive_issues}


@dataclass(slots=True)
class Week:
    """The demo as it stands: the key of each service, and the issue of each story."""

    now: datetime
    administrator: User
    keys: dict[str, ProjectKey]
    issues: dict[str, int] = field(default_factory=dict)
    last_ms: int = 0


def seed_week(
    *, now: datetime, owners: Sequence[User], on_progress: Callable[[int], object]
) -> Week:
    """Make the projects and digest the week that ends at `now`.

    on_progress: called with the number of events after each batch; `count_events` is the total.
    """
    week = Week(now=now, administrator=owners[0], keys=make_projects(owners, now))
    for step in _iterate_steps(now.timestamp()):
        if isinstance(step, Deed):
            _do(step, week)
        else:
            _digest(step, week)
            on_progress(len(step))
    _write_words(week)
    seed_losses(week.keys, now)
    age_issues(now=now)
    return week


def count_events(now: datetime) -> int:
    """How many events the week that ends at `now` has."""
    return len(plan_moments(now.timestamp()))


def _iterate_steps(now: float) -> Iterator[list[Moment] | Deed]:
    """What happened, in order: deeds, and between them events in batches of at most an hour."""
    deeds = plan_deeds(now)
    batch: list[Moment] = []
    for moment in plan_moments(now):
        is_late = bool(deeds) and deeds[0].at < moment.at
        if batch and (is_late or len(batch) == MAX_BATCH or moment.at - batch[0].at > 3600):
            yield batch
            batch = []
        while deeds and deeds[0].at < moment.at:
            yield deeds.pop(0)
        batch.append(moment)
    yield batch
    yield from deeds


def _do(deed: Deed, week: Week) -> None:
    """What the administrator did, with their name and the time of it."""
    issues = Issue.objects.filter(pk=week.issues[deed.story.name])
    DEEDS[deed.kind](issues, user=week.administrator, now=datetime.fromtimestamp(deed.at, UTC))


def _digest(moments: Sequence[Moment], week: Week) -> None:
    """Prepare and write a batch as the digest does, at the time of its last event."""
    deliveries = [_deliver_event(moment, week) for moment in moments]
    batch = []
    for delivery in deliveries:
        policy = policy_of(delivery.message.project_id)
        assert policy, "the demo's projects were deleted meanwhile"
        batch.append(prepare_message(delivery, policy))
    # It marks a key's use once in a minute of the real clock, and here weeks pass in seconds.
    forget_marks()
    issue_of = {
        recorded.row_id: recorded.issue_id
        for recorded in write_batch(batch, now=week.last_ms / 1000)
    }
    for moment, delivery in zip(moments, deliveries, strict=True):
        week.issues[moment.story.name] = issue_of[delivery.row_id]


def _write_words(week: Week) -> None:
    """What customers wrote, and the files of errors, in envelopes of their own."""
    for story in FILES:
        event = _newest_event(week, story)
        project_id = Issue.objects.values_list("project_id", flat=True).get(pk=week.issues[story])
        key = next(key for key in week.keys.values() if key.project_id == project_id)
        _digest_items(files_of(story), event.event_id.hex, key, week)
    for note in NOTES:
        about = _newest_event(week, note.story) if note.story else None
        own_id = secrets.token_hex(16)
        _digest_items(feedback_of(note, own_id, about), own_id, week.keys[note.service], week)


def _newest_event(week: Week, story: str) -> Event:
    return Event.objects.filter(grouping_key__issue=week.issues[story]).order_by("-pk")[0]


def _digest_items(items: Sequence[Item], event_id: str, key: ProjectKey, week: Week) -> None:
    body = _make_envelope({"event_id": event_id}, items)
    delivery = _deliver(key, body, "", 0, week)
    policy = policy_of(key.project_id)
    assert policy, "the demo's projects were deleted meanwhile"
    write_batch([prepare_message(delivery, policy)], now=week.last_ms / 1000)


def _deliver_event(moment: Moment, week: Week) -> Delivery:
    """The event as its SDK sent it."""
    event = make_event(moment, week.now.timestamp())
    header = {"event_id": event["event_id"], "sent_at": event["timestamp"]}
    body = _make_envelope(header, [({"type": "event"}, jsonio.dumps(event))])
    return _deliver(week.keys[moment.service.name], body, event["event_id"], moment.at, week)


def _deliver(key: ProjectKey, body: bytes, event_id: str, at: float, week: Week) -> Delivery:
    """An envelope with the id that an inbox would have given it then."""
    week.last_ms = max(week.last_ms + 1, int(at * 1000) + LATENCY_MS)
    message = Message(
        receipt=secrets.token_bytes(16),
        project_id=key.project_id,
        key_id=key.pk,
        kind="envelope",
        coding="",
        event_id=event_id,
        received_ms=week.last_ms,
        client_ip="",
        body=body,
    )
    # Milliseconds are used once in a demo, projects' numbers once in all demos.
    low_bits = FIRST_LOW_BITS + key.project_id % FIRST_LOW_BITS
    return Delivery(row_id_at(week.last_ms) + low_bits, message, deliveries=1)


def _make_envelope(header: dict[str, Any], items: Sequence[Item]) -> bytes:
    lines = [jsonio.dumps(header)]
    for headers, payload in items:
        lines += [jsonio.dumps({**headers, "length": len(payload)}), payload]
    return b"\n".join([*lines, b""])
