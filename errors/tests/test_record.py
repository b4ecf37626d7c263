"""Each event once, every count with it, and every issue in the right state."""

from datetime import UTC, datetime

import pytest

from errors.models import (
    Activity,
    Event,
    EventPayload,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueUser,
    Release,
    SeenEvent,
    TagCount,
)
from errors.services import record_tags
from errors.services.prepare import PreparedEvent
from errors.services.record import assign, forget_caches, record_events
from errors.services.record_issues import StaleAssignmentError
from errors.storage import load_document
from errors.tests.prepared import NOON, hash_of, make_prepared, make_project, store_events

pytestmark = pytest.mark.django_db


def at(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def store(*events: PreparedEvent, now: float = NOON) -> None:
    store_events(events, now=now)


def test_the_first_event_of_a_group_makes_an_issue_with_the_next_number() -> None:
    project = make_project()
    first, second = make_prepared(project, "a"), make_prepared(project, "b")
    recorded = store_events([first, second], now=NOON)
    assert [(one.is_new, one.is_regression) for one in recorded] == [(True, False)] * 2
    assert sorted(Issue.objects.values_list("number", flat=True)) == [1, 2]
    project.refresh_from_db()
    assert project.last_issue_number == 2


def test_each_project_has_numbers_of_its_own() -> None:
    shop, blog = make_project(), make_project("blog", "BLOG")
    store(make_prepared(shop), make_prepared(blog))
    assert list(Issue.objects.values_list("number", flat=True)) == [1, 1]


def test_events_with_one_hash_join_one_issue() -> None:
    project = make_project()
    recorded = store_events([make_prepared(project) for _ in range(3)], now=NOON)
    assert [one.is_new for one in recorded] == [True, False, False]
    later = store_events([make_prepared(project)], now=NOON)
    assert [one.is_new for one in later] == [False]
    assert Issue.objects.get().event_count == 4
    assert Event.objects.count() == EventPayload.objects.count() == 4


def test_the_stored_document_is_given_back() -> None:
    event = make_prepared(make_project())
    store(event)
    assert load_document(event.row_id) == {"event": {"level": "error"}}
    assert load_document(event.row_id + 1) is None


def test_a_known_secondary_hash_finds_the_issue_and_the_new_primary_attaches() -> None:
    project = make_project()
    store(make_prepared(project, "old", secondary="all"))
    store(make_prepared(project, "new", secondary="all"))
    store(make_prepared(project, "new"))
    assert Issue.objects.get().event_count == 3
    counts = dict(GroupingKey.objects.values_list("hash", "event_count"))
    assert counts == {hash_of("old"): 1, hash_of("new"): 2, hash_of("all"): 0}


def test_one_batch_groups_as_single_events_would() -> None:
    project = make_project()
    store(
        make_prepared(project, "old", secondary="all"),
        make_prepared(project, "new", secondary="all"),
    )
    assert Issue.objects.get().event_count == 2


def test_a_new_secondary_hash_attaches_to_a_known_issue() -> None:
    project = make_project()
    store(make_prepared(project, "a"))
    store(make_prepared(project, "a", secondary="all"))
    store(make_prepared(project, "b", secondary="all"))
    assert Issue.objects.count() == 1


def test_an_event_id_counts_once_in_a_project() -> None:
    project = make_project()
    event_id = "ab" * 16
    first = [make_prepared(project, event_id=event_id) for _ in range(2)]
    assert len(store_events(first, now=NOON)) == 1
    assert store_events([make_prepared(project, event_id=event_id)], now=NOON) == []
    assert Issue.objects.get().event_count == 1
    assert Event.objects.count() == SeenEvent.objects.count() == 1


def test_two_projects_may_use_one_event_id() -> None:
    shop, blog = make_project(), make_project("blog", "BLOG")
    store(make_prepared(shop, event_id="ab" * 16), make_prepared(blog, event_id="ab" * 16))
    assert Event.objects.count() == 2


def test_a_repeated_event_makes_no_issue_even_when_it_groups_anew() -> None:
    project = make_project()
    store(make_prepared(project, "a", event_id="ab" * 16))
    assert store_events([make_prepared(project, "b", event_id="ab" * 16)], now=NOON) == []
    assert Issue.objects.count() == 1


def test_hours_and_environments_are_counted() -> None:
    project = make_project()
    store(
        make_prepared(project, at=NOON),
        make_prepared(project, at=NOON + 60),
        make_prepared(project, at=NOON - 3600, environment="staging"),
    )
    store(make_prepared(project, at=NOON))
    noon = int(NOON // 3600)
    assert sorted(HourlyCount.objects.values_list("hour", "count")) == [(noon - 1, 1), (noon, 3)]


def test_tags_are_counted_and_rare_values_past_a_hundred_count_as_other() -> None:
    project = make_project()
    tags = [[("order", str(number)), ("region", "eu")] for number in range(103)]
    store(*(make_prepared(project, tags=one) for one in tags[:60]))
    store(*(make_prepared(project, tags=one) for one in tags[60:]))
    store(make_prepared(project, tags=[("order", "7")]))
    orders = dict(TagCount.objects.filter(key="order").values_list("value", "count"))
    assert len(orders) == 101
    assert orders[TagCount.OTHER] == 3
    assert orders["7"] == 2
    assert TagCount.objects.get(key="region").count == 103


def test_the_bound_on_tag_values_holds_after_a_restart() -> None:
    project = make_project()
    store(*(make_prepared(project, tags=[("order", str(number))]) for number in range(100)))
    forget_caches()
    store(make_prepared(project, tags=[("order", "new")]))
    assert TagCount.objects.filter(key="order").count() == 101


def test_the_bound_on_tag_values_holds_beside_another_worker() -> None:
    project = make_project()
    store(*(make_prepared(project, tags=[("order", str(number))]) for number in range(50)))
    mine = dict(record_tags._known)
    forget_caches()
    store(*(make_prepared(project, tags=[("order", str(number))]) for number in range(50, 100)))
    # Back in the worker that knows of its own fifty only.
    record_tags._known.clear()
    record_tags._known.update(mine)
    store(make_prepared(project, tags=[("order", "7")]))
    store(*(make_prepared(project, tags=[("order", str(number))]) for number in range(75, 125)))
    orders = dict(TagCount.objects.filter(key="order").values_list("value", "count"))
    assert len(orders) == 101
    assert orders["7"] == orders["75"] == 2
    assert orders[TagCount.OTHER] == 25


def test_people_are_counted_once_with_first_and_last_hour() -> None:
    project = make_project()
    store(
        make_prepared(project, user_hash=7, at=NOON),
        make_prepared(project, user_hash=7, at=NOON + 7200),
        make_prepared(project, user_hash=-8, at=NOON),
    )
    store(make_prepared(project, user_hash=7, at=NOON - 3600))
    noon = int(NOON // 3600)
    person = IssueUser.objects.get(user_hash=7)
    assert (person.first_hour, person.last_hour) == (noon - 1, noon + 2)
    assert Issue.objects.get().user_count == 2


def test_a_person_who_meets_two_keys_of_an_issue_counts_once() -> None:
    project = make_project()
    store(make_prepared(project, "a", secondary="all", user_hash=7))
    store(make_prepared(project, "b", secondary="all", user_hash=7))
    store(make_prepared(project, "b", user_hash=9), make_prepared(project, "a", user_hash=9))
    assert Issue.objects.get().user_count == 2
    assert IssueUser.objects.count() == 4


def test_first_and_last_seen_are_the_earliest_and_latest_whatever_the_order() -> None:
    project = make_project()
    for moment in (NOON, NOON + 50, NOON - 50):
        store(make_prepared(project, at=moment))
    issue, key = Issue.objects.get(), GroupingKey.objects.get()
    assert (issue.first_seen_at, issue.last_seen_at) == (at(NOON - 50), at(NOON + 50))
    assert (key.first_seen_at, key.last_seen_at) == (at(NOON - 50), at(NOON + 50))


def test_the_newest_event_names_the_issue_and_a_late_one_does_not() -> None:
    project = make_project()
    store(make_prepared(project, at=NOON, title="KeyError", level=30, release="1.0"))
    store(make_prepared(project, at=NOON + 9, title="TypeError", level=50, release="2.0"))
    store(make_prepared(project, at=NOON - 9, title="OldError", level=20, release="0.9"))
    issue = Issue.objects.select_related("first_release", "last_release").get()
    assert (issue.title, issue.level) == ("TypeError", 50)
    assert issue.first_release and issue.first_release.version == "1.0"
    assert issue.last_release and issue.last_release.version == "2.0"
    assert Release.objects.count() == 3


def test_what_is_too_long_for_a_list_is_cut() -> None:
    store(make_prepared(make_project(), value="v" * 5000))
    assert len(Issue.objects.get().value) == 1024


def resolve(issue: Issue, when: float) -> None:
    issue.status = Issue.Status.RESOLVED
    issue.status_changed_at = at(when)
    issue.save()


def test_an_event_received_after_the_resolution_reopens_the_issue_as_regressed() -> None:
    project = make_project()
    store(make_prepared(project))
    resolve(Issue.objects.get(), NOON + 10)
    event = make_prepared(project, at=NOON + 20, release="2.0")
    recorded = store_events([event], now=NOON + 21)
    assert [(one.is_new, one.is_regression) for one in recorded] == [(False, True)]
    issue = Issue.objects.get()
    assert (issue.status, issue.substatus) == ("unresolved", "regressed")
    assert issue.status_changed_at == at(NOON + 21)
    activity = Activity.objects.get()
    assert (activity.kind, activity.user_id) == ("regressed", None)
    assert activity.data == {"event": event.event_id, "release": "2.0"}


def test_an_event_received_before_the_resolution_reopens_nothing() -> None:
    project = make_project()
    store(make_prepared(project))
    resolve(Issue.objects.get(), NOON + 10)
    # The client's clock is ahead; the server took the event before people resolved the issue.
    store(make_prepared(project, at=NOON + 30, received_at=NOON + 5))
    issue = Issue.objects.get()
    assert (issue.status, issue.event_count) == ("resolved", 2)
    assert not Activity.objects.exists()


def test_an_archived_issue_stays_archived_and_counts() -> None:
    project = make_project()
    store(make_prepared(project))
    Issue.objects.update(status=Issue.Status.ARCHIVED)
    store(make_prepared(project, at=NOON + 100))
    issue = Issue.objects.get()
    assert (issue.status, issue.event_count) == ("archived", 2)


def test_an_event_of_a_deleted_issue_makes_a_new_one_and_counts_do_not_mix() -> None:
    project = make_project()
    tags = [("region", "eu")]
    store(make_prepared(project, secondary="all", user_hash=7, tags=tags))
    Issue.objects.update(deleted_at=at(NOON))
    recorded = store_events(
        [make_prepared(project, secondary="all", user_hash=7, tags=tags)], now=NOON + 1
    )
    assert [one.is_new for one in recorded] == [True]
    old, new = Issue.objects.order_by("number")
    assert (old.event_count, old.user_count) == (new.event_count, new.user_count) == (1, 1)
    assert list(TagCount.objects.values_list("count", flat=True)) == [1, 1]
    assert Event.objects.filter(grouping_key__issue=old).count() == 1
    assert not old.keys.exclude(hash=None).exists()


def test_a_repeated_event_does_not_bring_a_deleted_issue_back() -> None:
    project = make_project()
    store(make_prepared(project, event_id="ab" * 16))
    Issue.objects.update(deleted_at=at(NOON))
    assert store_events([make_prepared(project, event_id="ab" * 16)], now=NOON) == []
    assert Issue.objects.count() == 1


def test_a_merge_between_assigning_and_writing_is_followed() -> None:
    project = make_project()
    store(make_prepared(project, "a"), make_prepared(project, "b"))
    kept, merged = Issue.objects.order_by("number")
    GroupingKey.objects.filter(issue=merged).update(issue=kept)
    store(make_prepared(project, "b"))
    kept.refresh_from_db()
    assert kept.event_count == 2


def test_a_deletion_between_assigning_and_writing_is_noticed() -> None:
    project = make_project()
    store(make_prepared(project))
    event = make_prepared(project)
    assigned = assign([event], now=NOON)
    Issue.objects.update(deleted_at=at(NOON))
    with pytest.raises(StaleAssignmentError):
        record_events([event], assigned, now=NOON)


def test_a_cached_key_that_is_gone_is_found_anew() -> None:
    project = make_project()
    store(make_prepared(project))
    Issue.objects.all().delete()
    store(make_prepared(project))
    assert Issue.objects.get().event_count == 1


def test_the_text_search_follows_the_message_hour_by_hour() -> None:
    project = make_project()

    def record(value: str, at: float) -> str:
        store_events([make_prepared(project, value=value, at=at, culprit="shop in pay")], now=at)
        return Issue.objects.get().search_text

    assert record("No Order 1", NOON) == "valueerror no order 1 shop in pay"
    assert record("No Order 2", NOON + 60) == "valueerror no order 1 shop in pay"
    assert record("No Order 3", NOON + 3600) == "valueerror no order 3 shop in pay"


def test_every_environment_of_an_issue_is_counted_by_name() -> None:
    project = make_project()
    names = [f"review-{number:03}" for number in range(TagCount.MAX_VALUES + 20)]
    events = [
        make_prepared(project, environment=name, tags=[("environment", name)]) for name in names
    ]
    store_events(events, now=NOON)
    rows = TagCount.objects.filter(key="environment").order_by("value")
    assert list(rows.values_list("value", flat=True)) == names
