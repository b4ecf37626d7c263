"""The listings of stored envelopes: users, projects and tokens, the row of events.

From what a client sent to what a program reads.
"""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.api import Program
from errors.api import envelopes as listing
from errors.queries import envelopes as queries
from errors.storage import PayloadsAwayError
from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.messages import (
    make_envelope,
    make_event,
    make_message,
    make_project,
    make_raw_message,
    put,
)
from projects.models import Membership, ProjectKey

pytestmark = pytest.mark.django_db
ALL = ("/api/v1/projects/events", "/api/projects/events")
SENT_AT = "2026-11-20T10:00:00Z"


@pytest.fixture
def key() -> ProjectKey:
    return make_project()


@pytest.fixture
def ana(key: ProjectKey) -> User:
    user = User.objects.create_user("ana")
    Membership.objects.create(project=key.project, user=user, role="viewer")
    return user


def store_event(inbox: SqliteInbox, key: ProjectKey, **headers: Any) -> tuple[int, dict[str, Any]]:
    """Send an envelope with an event and a check-in; its row id, and the event."""
    event = make_event()
    body = make_envelope(
        ({"type": "event"}, json.dumps(event).encode()),
        ({"type": "check_in"}, b'{"monitor_slug":"nightly","password":"hunter2"}'),
        event_id=event["event_id"],
        **headers,
    )
    (row_id,) = put(inbox, make_raw_message(key, body, event_id=event["event_id"]))
    digest_batch(inbox)
    return row_id, event


def store_session(inbox: SqliteInbox, key: ProjectKey) -> int:
    (row_id,) = put(inbox, make_raw_message(key, make_envelope(({"type": "session"}, b"\xff{}"))))
    digest_batch(inbox)
    return row_id


def ids(answer: Any) -> list[int]:
    return [envelope["id"] for envelope in answer.json()]


@pytest.mark.parametrize("path", [*ALL, *(f"{path}/" for path in ALL)])
def test_an_accepted_envelope_is_listed_with_its_items(
    inbox: SqliteInbox, key: ProjectKey, ana: User, path: str
) -> None:
    dsn = f"http://{key.public_key}@testserver/{key.project_id}"
    row_id, event = store_event(inbox, key, sent_at=SENT_AT, dsn=dsn)
    answer = Program(ana).get(path)
    (envelope,) = answer.json()
    assert answer.status_code == 200
    assert list(envelope) == ["id", "project_id", "event_id", "sent_at", "dsn", "items"]
    assert envelope["id"] == row_id and envelope["project_id"] == key.project_id
    assert envelope["event_id"] == event["event_id"]
    assert envelope["sent_at"] == SENT_AT
    assert [list(item) for item in envelope["items"]] == [
        ["id", "event_id", "item_id", "payload"],
        ["id", "event_id", "item_id", "payload"],
    ]
    assert [item["item_id"] for item in envelope["items"]] == [0, 1]
    assert {item["event_id"] for item in envelope["items"]} == {row_id}
    assert all(isinstance(item["id"], int) for item in envelope["items"])
    assert json.loads(envelope["items"][0]["payload"])["event_id"] == event["event_id"]
    check_in = {"monitor_slug": "nightly", "password": "[Filtered]"}
    assert json.loads(envelope["items"][1]["payload"]) == check_in


def test_one_project_has_an_address_of_its_own(
    inbox: SqliteInbox, key: ProjectKey, ana: User
) -> None:
    other = make_project("other", "OTHER")
    Membership.objects.create(project=other.project, user=ana, role="viewer")
    row_id, _ = store_event(inbox, key)
    store_event(inbox, other)
    for slash in ("", "/"):
        answer = Program(ana).get(f"/api/projects/{key.project_id}/events{slash}")
        assert ids(answer) == [row_id]


def test_envelopes_with_and_without_an_event_stand_in_one_order(
    inbox: SqliteInbox, key: ProjectKey, ana: User
) -> None:
    first, _ = store_event(inbox, key)
    second = store_session(inbox, key)
    third, _ = store_event(inbox, key)
    answer = Program(ana).get(ALL[0])
    assert ids(answer) == [third, second, first]
    session = answer.json()[1]
    assert session["event_id"] is None and session["sent_at"] is None and session["dsn"] is None
    assert session["items"][0]["payload"] == "\ufffd{}"


def test_an_event_by_store_has_its_id_too(inbox: SqliteInbox, key: ProjectKey, ana: User) -> None:
    event = make_event()
    put(inbox, make_message(key, event))
    digest_batch(inbox)
    (envelope,) = Program(ana).get(ALL[0]).json()
    assert envelope["event_id"] == event["event_id"]


def test_pages_go_on_where_the_last_one_ended(
    inbox: SqliteInbox, key: ProjectKey, ana: User
) -> None:
    rows = [store_event(inbox, key)[0] for _ in range(3)][::-1]
    program = Program(ana)
    assert ids(program.get(ALL[0], limit=1, offset=1)) == [rows[1]]
    first = program.get(ALL[0], limit=2)
    assert ids(first) == rows[:2]
    assert first.headers["Link"].endswith(f'?limit=2&before={rows[1]}>; rel="next"')
    assert ids(program.get(ALL[0], limit=2, before=rows[1])) == [rows[2]]


def test_a_page_is_bounded_in_bytes(
    inbox: SqliteInbox, key: ProjectKey, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_BYTES", 100)
    rows = [store_event(inbox, key)[0] for _ in range(2)]
    answer = Program(ana).get(ALL[0])
    assert ids(answer) == [rows[1]]
    assert f"before={rows[1]}" in answer.headers["Link"]


def test_an_old_envelope_is_reached_through_empty_pages(
    inbox: SqliteInbox, key: ProjectKey, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row_id, _ = store_event(inbox, key)
    other = make_project("other", "OTHER")
    for _ in range(5):
        store_event(inbox, other)
    monkeypatch.setattr(queries, "WINDOW", 2)
    found: list[int] = []
    query: dict[str, str] = {}
    pages = 0
    while True:
        answer = Program(ana).get(ALL[0], **query)
        found += ids(answer)
        pages += 1
        if "Link" not in answer.headers:
            break
        query = {"before": answer.headers["Link"].split("before=")[1].split(">")[0]}
    assert found == [row_id]
    assert pages == 4


def test_others_see_nothing_of_a_project(inbox: SqliteInbox, key: ProjectKey) -> None:
    store_event(inbox, key)
    stranger = Program(User.objects.create_user("stranger"))
    assert stranger.get(ALL[0]).json() == []
    answer = stranger.get(f"/api/projects/{key.project_id}/events")
    assert answer.status_code == 404
    assert answer.content == b'{"detail":"Project not found"}'


def test_nothing_is_told_without_a_token(inbox: SqliteInbox, key: ProjectKey) -> None:
    for path in (*ALL, f"/api/projects/{key.project_id}/events"):
        assert Client().get(path).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "x"},
        {"offset": "-1"},
        {"offset": "9" * 30},
        {"before": "-1"},
        {"before": "9" * 30},
        {"limit": "1; DROP TABLE errors_event"},
    ],
)
def test_a_page_that_cannot_be_is_refused(ana: User, query: dict[str, str]) -> None:
    answer = Program(ana).get(ALL[0], **query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", next(iter(query))]


def test_a_storage_that_is_away_is_told(
    inbox: SqliteInbox, key: ProjectKey, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_event(inbox, key)

    def fail(project_ids: list[int], row_ids: list[int]) -> None:
        raise PayloadsAwayError

    monkeypatch.setattr(listing, "read_envelopes", fail)
    assert Program(ana).get(ALL[0]).status_code == 503


@pytest.mark.parametrize("count", [1, 10])
def test_ten_envelopes_take_as_many_queries_as_one(
    inbox: SqliteInbox,
    key: ProjectKey,
    ana: User,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        store_event(inbox, key)
    program = Program(ana)
    with django_assert_max_num_queries(10):
        assert len(program.get(ALL[0]).json()) == count
