"""`manage.py fill_site` leaves what the digest would have left, only more of it."""

import random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, F, Max, Min, Sum
from django.test import Client

from accounts.models import User
from config.fill.plan import KeyPlan, plan_keys, share_out, spread
from errors.models import (
    Event,
    EventPayload,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueUser,
    ItemCount,
    PayloadDictionary,
    Release,
    SeenEvent,
    TagCount,
)
from errors.presenters.charts import hour_of
from errors.services.learning import learn
from errors.services.pace import Pace
from errors.services.retention import Report, enforce_retention
from errors.storage import load_document
from errors.tags import derive_tags
from projects.models import Project
from projects.services import create_project

EVENTS, ISSUES = 3_000, 60


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("ana", None, "a long password")


# The plan


def test_shares_are_skewed_and_add_up() -> None:
    shares = share_out(100_000, 1_000)
    assert sum(shares) == 100_000
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 10_000
    assert min(shares) >= 1


def test_each_event_falls_into_its_key_s_lifetime() -> None:
    rng = random.Random(1)
    keys = plan_keys(5_000, 100, 48, rng)
    buckets = spread(keys, 48, rng)
    assert sum(map(len, buckets)) == sum(key.events for key in keys) == 5_000
    assert {key.issue for key in keys} == set(range(100))
    for hour, numbers in enumerate(buckets):
        assert all(_lives(keys[number], hour) for number in numbers)


def _lives(key: KeyPlan, hour: int) -> bool:
    return key.first_hour <= hour <= key.last_hour


# The site


def test_a_filled_site_adds_up_and_opens(administrator: User) -> None:
    call_command("fill_site", events=EVENTS, issues=ISSUES, days=3, projects=4)

    _check_totals()
    for key in GroupingKey.objects.select_related("issue"):
        _check_key(key)
    for issue in Issue.objects.select_related("project"):
        _check_issue(issue)
    _check_projects()
    _check_that_maintenance_finds_nothing_to_do()
    _check_pages(administrator)


def _check_totals() -> None:
    tables = (Event, EventPayload, SeenEvent)
    assert [model.objects.count() for model in tables] == [EVENTS] * 3
    for rows in (Issue, GroupingKey):
        assert rows.objects.aggregate(sum=Sum("event_count")) == {"sum": EVENTS}
    assert HourlyCount.objects.aggregate(sum=Sum("count")) == {"sum": EVENTS}
    assert ItemCount.objects.filter(type="event").aggregate(sum=Sum("count")) == {"sum": EVENTS}
    assert set(Issue.objects.values_list("status", flat=True)) == set(Issue.Status.values)
    ids = Event.objects.filter(pk__in=SeenEvent.objects.values("row_id"))
    assert ids.count() == EVENTS


def _check_key(key: GroupingKey) -> None:
    events = Event.objects.filter(grouping_key=key)
    span = events.aggregate(Count("pk"), Min("occurred_at"), Max("occurred_at"))
    assert list(span.values()) == [key.event_count, key.first_seen_at, key.last_seen_at]
    hours: dict[tuple[int, int], int] = {}
    people: dict[int, list[int]] = {}
    tags: dict[tuple[str, str], int] = {}
    for event in events:
        hour = hour_of(event.occurred_at)
        place = (hour, event.environment_id or 0)
        hours[place] = hours.get(place, 0) + 1
        if event.user_hash is not None:
            people.setdefault(event.user_hash, []).append(hour)
        document = load_document(event.pk)
        assert document
        for tag in derive_tags(document["event"]):
            tags[tag] = tags.get(tag, 0) + 1
    of_key = {"grouping_key_id": key.pk}
    counted = HourlyCount.objects.filter(**of_key).values_list("hour", "environment_id", "count")
    assert {(hour, place): count for hour, place, count in counted} == hours
    met = IssueUser.objects.filter(**of_key).values_list("user_hash", "first_hour", "last_hour")
    assert set(met) == {(hash_, min(seen), max(seen)) for hash_, seen in people.items()}
    values = TagCount.objects.filter(**of_key).values_list("key", "value", "count")
    assert {(name, value): count for name, value, count in values} == tags


def _check_issue(issue: Issue) -> None:
    keys = issue.keys.aggregate(Sum("event_count"), Min("first_seen_at"), Max("last_seen_at"))
    assert list(keys.values()) == [issue.event_count, issue.first_seen_at, issue.last_seen_at]
    events = Event.objects.filter(grouping_key__issue=issue)
    assert issue.user_count == events.aggregate(n=Count("user_hash", distinct=True))["n"]
    newest, oldest = events.order_by("-pk")[0], events.order_by("pk")[0]
    assert issue.last_release_id == newest.release_id
    assert issue.first_release_id == oldest.release_id
    assert issue.level == newest.level
    if issue.status == Issue.Status.RESOLVED:
        assert issue.status_changed_at >= newest.received_at


def _check_projects() -> None:
    for project in Project.objects.all():
        numbers = list(project.issues.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, project.last_issue_number + 1))
    for release in Release.objects.all():
        first = Event.objects.filter(release_id=release.pk).aggregate(at=Min("occurred_at"))["at"]
        assert release.first_seen_at == first or first is None


def _check_that_maintenance_finds_nothing_to_do() -> None:
    now = Issue.objects.aggregate(at=Max("last_seen_at"))["at"]
    report = enforce_retention(now=now, pace=Pace(share=1.0))
    assert (learn(now=now), report) == (0, Report())
    grown = GroupingKey.objects.filter(event_count__gte=5)
    assert PayloadDictionary.objects.exclude(grouping_key=None).count() == grown.count()


def _check_pages(administrator: User) -> None:
    client = Client()
    client.force_login(administrator)
    assert client.get("/issues/").status_code == 200
    for issue in Issue.objects.select_related("project").order_by(F("event_count").desc())[:5]:
        page = client.get(f"/projects/{issue.project.slug}/issues/{issue.number}/")
        assert page.status_code == 200
        assert page.context["view"]


def test_new_issues_come_behind_those_of_the_fill(administrator: User) -> None:
    call_command("fill_site", events=30, issues=5, days=1, projects=1)
    project = Project.objects.get()
    newest = Issue.objects.aggregate(pk=Max("pk"))["pk"]
    now = project.created_at
    made = Issue.objects.create(
        project=project,
        number=99,
        title="Next",
        status_changed_at=now,
        first_seen_at=now,
        last_seen_at=now,
    )
    assert made.pk == newest + 1


def test_a_site_that_holds_data_is_left_alone(administrator: User) -> None:
    call_command("fill_site", events=30, issues=5, days=1, projects=1)
    with pytest.raises(CommandError, match="--beside"):
        call_command("fill_site", events=30, issues=5, days=1, projects=1)
    assert Event.objects.count() == 30

    call_command("fill_site", events=30, issues=5, days=1, projects=1, beside=True)
    assert Event.objects.count() == 60


def test_without_an_administrator_it_says_what_to_do(db: None) -> None:
    create_project(name="Own", platform="python", owner=None)
    with pytest.raises(CommandError, match="make run"):
        call_command("fill_site", events=30, issues=5)
    assert Project.objects.count() == 1
