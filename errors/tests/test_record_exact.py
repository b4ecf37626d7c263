"""Counts against an oracle: random batches with repeats, and several workers at once."""

import random
import threading
import uuid
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection

from errors.grouping import Grouping
from errors.models import Event, GroupingKey, HourlyCount, Issue, IssueUser, SeenEvent, TagCount
from errors.services.prepare import PreparedEvent
from errors.tests.prepared import NOON, make_prepared, make_project, store_events
from projects.models import Project


def make_random(project: Project, rng: random.Random) -> PreparedEvent:
    group = rng.choice("abcdef")
    return make_prepared(
        project,
        group,
        secondary=rng.choice(("", "all-" + rng.choice("xy"))) if group in "abc" else "",
        at=NOON + rng.randrange(4 * 3600),
        event_id=uuid.UUID(int=rng.getrandbits(128)).hex,
        environment=rng.choice(("production", "staging")),
        user_hash=rng.choice((None, rng.randrange(9))),
        tags=[("region", rng.choice(("eu", "us"))), ("order", str(rng.randrange(500)))],
    )


def again(event: PreparedEvent) -> PreparedEvent:
    """The same event as a client sends it once more: another row id."""
    return replace(event, row_id=make_prepared(Project(pk=event.project_id)).row_id)


def assert_exact(project: Project, events: list[PreparedEvent]) -> None:
    """Every table agrees with what these events, each once, add up to."""
    kept = {event.event_id for event in events}
    rows = Event.objects.filter(project=project)
    assert {event_id.hex for event_id in rows.values_list("event_id", flat=True)} == kept
    assert rows.count() == SeenEvent.objects.filter(project_id=project.pk).count() == len(kept)
    keys = GroupingKey.objects.filter(project=project)
    expected = Counter(event.grouping.primary for event in events)
    assert {key.hash: key.event_count for key in keys if key.event_count} == expected
    for issue in Issue.objects.filter(project=project):
        assert_issue(issue, [e for e in events if hash_leads_to(issue, e.grouping.primary)])


def hash_leads_to(issue: Issue, hash_: str) -> bool:
    return issue.keys.filter(hash=hash_).exists()


def assert_issue(issue: Issue, events: list[PreparedEvent]) -> None:
    keys = list(issue.keys.values_list("pk", flat=True))
    assert issue.event_count == len(events)
    people = {event.user_hash for event in events if event.user_hash is not None}
    assert issue.user_count == len(people)
    known = IssueUser.objects.filter(grouping_key_id__in=keys).values_list("user_hash", flat=True)
    assert set(known) == people
    hours: Counter[int] = Counter()
    for hour, count in HourlyCount.objects.filter(grouping_key_id__in=keys).values_list(
        "hour", "count"
    ):
        hours[hour] += count
    assert hours == Counter(int(event.occurred_at // 3600) for event in events)
    tags: Counter[str] = Counter()
    for key, count in TagCount.objects.filter(grouping_key_id__in=keys).values_list("key", "count"):
        tags[key] += count
    assert tags == Counter(key for event in events for key, _ in event.tags)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_random_batches_with_repeats_add_up(seed: int) -> None:
    rng = random.Random(seed)
    project = make_project()
    sent: list[PreparedEvent] = []
    for _ in range(12):
        fresh = [make_random(project, rng) for _ in range(rng.randrange(1, 30))]
        repeats = [again(event) for event in rng.sample(sent, k=min(len(sent), rng.randrange(9)))]
        batch = fresh + repeats + [again(event) for event in fresh[: rng.randrange(3)]]
        rng.shuffle(batch)
        first = {event.event_id: event for event in reversed(batch)}
        assert len(store_events(batch, now=NOON)) == len(fresh)
        sent += [first[event.event_id] for event in fresh]
    assert_exact(project, sent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("groups", [0, 1, 100])
def test_several_workers_count_exactly_and_never_lock_each_other_out(groups: int) -> None:
    """PostgreSQL's case; SQLite has one writer, so one worker shows the same there.

    groups: that many issues, in random order; 0 for hashes of which some lead to one issue.
    """
    workers = 8 if connection.vendor == "postgresql" else 1
    project = make_project()
    rng = random.Random("workers")
    events = [make_random(project, rng) for _ in range(200)]
    if groups:
        events = [
            replace(event, grouping=Grouping(f"{rng.randrange(groups):032x}", None, 1, {}))
            for event in events
        ]
    failures: list[BaseException] = []

    def work(number: int) -> None:
        own = random.Random(number)
        mine = [again(event) for event in own.sample(events, k=len(events))]
        try:
            for start in range(0, len(mine), 40):
                store_events(mine[start : start + 40], now=NOON)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert_exact(project, events)
