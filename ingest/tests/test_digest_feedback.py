"""Feedback and user reports in the digest: rows that find their issue, whichever comes first."""

import json
from typing import Any

import pytest
from django.utils import timezone

from errors.envelopes import read_envelope
from errors.models import Attachment, Feedback, Issue, KeptBytes
from errors.services.feedback import join_feedback, join_waiting
from errors.services.pace import Pace
from errors.services.removal import remove_issue
from ingest.digest import announce, digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.messages import make_envelope, make_event, make_project, make_raw_message, put
from projects.models import ProjectKey

pytestmark = pytest.mark.django_db
OWN_ID = "ab" * 16


@pytest.fixture
def key() -> ProjectKey:
    return make_project()


def event_envelope(event: dict[str, Any]) -> bytes:
    payload = json.dumps(event).encode()
    return make_envelope(({"type": "event"}, payload), event_id=event["event_id"])


def feedback_envelope(about: str = "", **given: Any) -> bytes:
    words = {"message": "It broke.", "associated_event_id": about, **given}
    payload = {"event_id": OWN_ID, "contexts": {"feedback": words}}
    return make_envelope(
        ({"type": "feedback"}, json.dumps(payload).encode()),
        ({"type": "attachment", "filename": "screenshot.png"}, b"\x89PNG\r\n\x1a\n"),
        event_id=OWN_ID,
    )


def report_envelope(about: str) -> bytes:
    report = {"event_id": about, "name": "Ana", "email": "ana@example.com", "comments": "Help."}
    return make_envelope(({"type": "user_report"}, json.dumps(report).encode()), event_id=about)


def digest(inbox: SqliteInbox, key: ProjectKey, *bodies: bytes) -> list[int]:
    rows = put(inbox, *(make_raw_message(key, body) for body in bodies))
    digest_batch(inbox)
    return rows


@pytest.mark.parametrize("make", [feedback_envelope, report_envelope])
@pytest.mark.parametrize("order", ["event first", "feedback first", "together"])
def test_feedback_finds_its_issue(
    inbox: SqliteInbox, key: ProjectKey, make: Any, order: str
) -> None:
    event = make_event()
    bodies = [event_envelope(event), make(event["event_id"])]
    if order == "together":
        digest(inbox, key, *bodies)
    else:
        for body in bodies if order == "event first" else reversed(bodies):
            digest(inbox, key, body)
    row = Feedback.objects.get()
    assert row.grouping_key is not None
    assert row.grouping_key.issue == Issue.objects.get()


def test_feedback_about_nothing_is_fine(inbox: SqliteInbox, key: ProjectKey) -> None:
    digest(inbox, key, feedback_envelope(name="Ana", contact_email="ana@example.com"))
    row = Feedback.objects.get()
    assert (row.message, row.name, row.email) == ("It broke.", "Ana", "ana@example.com")
    assert (row.event_id, row.grouping_key, row.handled_at) == (None, None, None)
    assert row.own_id == Attachment.objects.get().event_id


def test_another_projects_event_is_not_found(inbox: SqliteInbox, key: ProjectKey) -> None:
    event = make_event()
    digest(inbox, make_project("other", "OTHER"), event_envelope(event))
    digest(inbox, key, feedback_envelope(event["event_id"]))
    assert Feedback.objects.get().grouping_key is None


def test_feedback_that_was_written_beside_its_event_finds_it_later(
    inbox: SqliteInbox, key: ProjectKey
) -> None:
    event = make_event()
    digest(inbox, key, event_envelope(event), feedback_envelope(event["event_id"]))
    Feedback.objects.update(grouping_key=None)
    assert join_waiting(now=timezone.now()) == 1
    assert Feedback.objects.get().grouping_key is not None
    assert join_waiting(now=timezone.now()) == 0


def test_what_waits_costs_a_batch_of_events_one_query(
    inbox: SqliteInbox, key: ProjectKey, django_assert_num_queries: Any
) -> None:
    digest(inbox, key, *(feedback_envelope(f"{number:032x}") for number in range(1, 6)))
    with django_assert_num_queries(1):
        assert join_feedback(["f" * 32]) == 0
    with django_assert_num_queries(0):
        assert join_feedback([]) == 0


def test_words_are_scrubbed_and_the_address_to_answer_to_stays(
    inbox: SqliteInbox, key: ProjectKey
) -> None:
    digest(
        inbox,
        key,
        feedback_envelope(
            message="My card 4111 1111 1111 1111 was refused",
            contact_email="ana@example.com",
            url="https://ana:hunter2@shop.example.com/",
        ),
    )
    row = Feedback.objects.get()
    assert "4111" not in row.message + row.search_text
    assert "hunter2" not in row.url + row.search_text
    assert row.email == "ana@example.com"


def test_the_envelope_is_given_back(inbox: SqliteInbox, key: ProjectKey) -> None:
    (row_id,) = digest(inbox, key, feedback_envelope())
    envelope = read_envelope(key.project_id, row_id)
    assert envelope is not None
    assert [item.headers["type"] for item in envelope.items] == ["feedback", "attachment"]
    kept = json.loads(envelope.items[0].payload)
    assert kept["contexts"]["feedback"]["message"] == "It broke."


def test_the_same_message_twice_is_one_row(inbox: SqliteInbox, key: ProjectKey) -> None:
    message = make_raw_message(key, feedback_envelope())
    for _ in range(2):
        put(inbox, message)
        digest_batch(inbox)
    row = Feedback.objects.get()
    assert KeptBytes.objects.get(kind="feedback").size_bytes == row.kept_bytes


def test_feedback_goes_with_its_issue(inbox: SqliteInbox, key: ProjectKey) -> None:
    event = make_event()
    digest(inbox, key, event_envelope(event), feedback_envelope(event["event_id"]))
    digest(inbox, key, feedback_envelope())
    remove_issue(Issue.objects.get().pk, pace=Pace(share=1.0))
    row = Feedback.objects.get()
    assert row.event_id is None
    assert KeptBytes.objects.get(kind="feedback").size_bytes == row.kept_bytes


def test_open_pages_are_told(
    inbox: SqliteInbox, key: ProjectKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(announce, "publish", lambda *message: told.append(message))
    digest(inbox, key, feedback_envelope(), report_envelope("cd" * 16))
    message = {"type": "feedback.changed", "project": key.project_id, "new": 2}
    assert told == [(key.project_id, message)]
