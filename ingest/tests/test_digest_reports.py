"""Browsers' reports become issues; rows "security", "nel" and "raw_security"."""

import json
from typing import Any

import pytest

from errors.models import Event, Issue, ItemCount, StoredEnvelope, StoredItem
from errors.storage import load_document
from ingest.digest import digest_batch
from ingest.inbox.base import InboxFull, InboxUnavailable
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.messages import make_envelope, make_project, make_raw_message, put
from projects.models import OutcomeCount

pytestmark = pytest.mark.django_db

REPORT_ID = "9ec79c33ec9942ab8353589fcb2e04dc"
NEL = {"type": "network-error", "url": "https://shop.example/", "body": {"type": "tcp.reset"}}


def violation(blocked: str) -> dict[str, Any]:
    fields = {"effective-directive": "script-src", "blocked-uri": blocked}
    return {"csp-report": {"document-uri": "https://shop.example/cart", **fields}}


def bring(inbox: SqliteInbox, *reports: object, **changes: Any) -> list[int]:
    """Put reports into the inbox, as the endpoint does, and digest all that comes of them."""
    key = make_project()
    items = [({"type": "raw_security"}, json.dumps(report).encode()) for report in reports]
    body = make_envelope(*items, event_id=REPORT_ID)
    message = make_raw_message(key, body, **{"event_id": REPORT_ID, **changes})
    rows = put(inbox, message)
    while digest_batch(inbox).read:
        pass
    return rows


def titles() -> list[str]:
    return sorted(Issue.objects.values_list("title", flat=True))


def test_a_violation_is_an_issue_whose_event_has_the_answers_id(inbox: SqliteInbox) -> None:
    (row_id,) = bring(inbox, violation("https://evil.example/x.js"))

    assert titles() == ["Blocked 'script' from 'evil.example'"]
    assert Event.objects.get().event_id.hex == REPORT_ID
    document = load_document(row_id)
    assert document is not None
    report = document["event"]["contexts"]["report"]
    assert report["blocked-uri"] == "https://evil.example/x.js"
    assert not StoredItem.objects.exists()
    assert ItemCount.objects.get().type == "raw_security"


def test_several_reports_of_one_request_are_events_of_their_own(inbox: SqliteInbox) -> None:
    same = violation("https://evil.example/y.js")
    bring(inbox, violation("https://evil.example/x.js"), same, NEL)

    assert titles() == [
        "Blocked 'script' from 'evil.example'",
        "Network error 'TCP reset' at 'shop.example'",
    ]
    assert Event.objects.count() == 3
    assert ItemCount.objects.get().count == 3
    outcome = OutcomeCount.objects.get()
    assert (outcome.outcome, outcome.category, outcome.quantity) == ("accepted", "security", 3)
    assert not StoredItem.objects.exists()


def test_reports_that_are_delivered_again_make_no_second_event(inbox: SqliteInbox) -> None:
    key = make_project()
    items = [({"type": "nel"}, json.dumps(NEL).encode())] * 3
    message = make_raw_message(key, make_envelope(*items, event_id=REPORT_ID), event_id=REPORT_ID)
    put(inbox, message, message)
    while digest_batch(inbox).read:
        pass
    assert Event.objects.count() == 3
    assert Issue.objects.get().event_count == 3


def test_in_a_full_inbox_the_other_reports_stay_items_of_the_first(
    inbox: SqliteInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def append(self, message: object) -> None:
            raise InboxFull

    monkeypatch.setattr("ingest.digest.reports.get_inbox", Full)
    bring(inbox, violation("https://a.example"), violation("https://b.example"))

    assert titles() == ["Blocked 'script' from 'a.example'"]
    assert StoredItem.objects.get().type == "raw_security"


def test_while_the_inbox_is_away_reports_wait_where_they_are(
    inbox: SqliteInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        def append(self, message: object) -> None:
            raise InboxUnavailable

    with monkeypatch.context() as patch:
        patch.setattr("ingest.digest.reports.get_inbox", Away)
        with pytest.raises(InboxUnavailable):
            bring(inbox, violation("https://a.example"), violation("https://b.example"))
    assert not Event.objects.exists()

    while digest_batch(inbox).read:
        pass
    assert titles() == ["Blocked 'script' from 'a.example'", "Blocked 'script' from 'b.example'"]


def test_what_an_extension_did_is_counted_and_not_kept(inbox: SqliteInbox) -> None:
    bring(inbox, violation("moz-extension://abc"))

    assert not Issue.objects.exists()
    assert not StoredItem.objects.exists()
    assert not StoredEnvelope.objects.exists()
    assert ItemCount.objects.get().count == 1
    outcome = OutcomeCount.objects.get()
    assert (outcome.outcome, outcome.category, outcome.reason) == ("filtered", "security", "noise")


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"7", b'{"csp-report": 3}', b"\xff"])
def test_a_report_that_cannot_be_read_is_kept_as_it_came(
    inbox: SqliteInbox, payload: bytes
) -> None:
    key = make_project()
    put(inbox, make_raw_message(key, make_envelope(({"type": "nel"}, payload))))
    result = digest_batch(inbox)
    assert (result.quarantined, Issue.objects.count()) == (0, 0)
    assert StoredItem.objects.get().type == "nel"


def test_a_report_above_its_size_is_counted_and_not_read(inbox: SqliteInbox) -> None:
    large = json.dumps({**NEL, "padding": "x" * MEBIBYTE}).encode()
    put(inbox, make_raw_message(make_project(), make_envelope(({"type": "nel"}, large))))
    digest_batch(inbox)
    assert not Issue.objects.exists()
    assert "_dropped" in StoredItem.objects.get().headers
    assert ItemCount.objects.get().count == 1


def test_a_report_beside_an_event_leaves_the_event_alone(inbox: SqliteInbox) -> None:
    key = make_project()
    body = make_envelope(
        ({"type": "nel"}, json.dumps(NEL).encode()), ({"type": "event"}, b'{"message": "Own."}')
    )
    put(inbox, make_raw_message(key, body))
    digest_batch(inbox)
    assert titles() == ["Own."]
    assert StoredItem.objects.get().type == "nel"
