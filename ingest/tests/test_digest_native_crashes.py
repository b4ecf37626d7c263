"""Native crashes: the issue says what the memory dump says; row "minidump"."""

import json
from typing import Any

import pytest

from errors.models import Attachment, Event, Issue
from errors.storage import load_document
from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.forms import make_minidump
from ingest.tests.messages import make_envelope, make_project, make_raw_message, put

pytestmark = pytest.mark.django_db

DUMP = {"type": "attachment", "attachment_type": "event.minidump", "filename": "crash.dmp"}


def crash(inbox: SqliteInbox, dump: bytes, **event: Any) -> dict[str, Any]:
    """Send a crash of level fatal, and give the event that is kept of it."""
    event = {"level": "fatal", "platform": "native", **event}
    body = make_envelope((DUMP, dump), ({"type": "event"}, json.dumps(event).encode()))
    (row_id,) = put(inbox, make_raw_message(make_project(), body))
    digest_batch(inbox)
    document = load_document(row_id)
    assert document is not None
    found: dict[str, Any] = document["event"]
    return found


def test_the_event_says_what_its_dump_says(inbox: SqliteInbox) -> None:
    event = crash(inbox, make_minidump())

    (exception,) = event["exception"]["values"]
    assert (exception["type"], exception["value"]) == ("SIGSEGV", "Native crash in libshop.so")
    assert exception["mechanism"] == {"type": "minidump", "handled": False}
    assert event["contexts"]["minidump"] == {
        "crash_address": "0x401234",
        "crashed_thread": 77,
        "module": "libshop.so",
        "system": "Linux 6.8.0",
        "architecture": "x86_64",
    }
    issue = Issue.objects.get()
    assert (issue.title, Attachment.objects.get().type) == ("SIGSEGV", "event.minidump")


@pytest.mark.parametrize(
    ("platform", "code", "module", "title"),
    [
        (2, 0xC0000005, "C:\\game\\game.exe", "EXCEPTION_ACCESS_VIOLATION"),
        (0x8101, 1, "/Applications/Shop.app/Shop", "EXC_BAD_ACCESS"),
        (0x8203, 6, "/data/app/libgame.so", "SIGABRT"),
        (2, 0xDEADBEEF, "game.exe", "fault 0xdeadbeef"),
    ],
)
def test_each_systems_faults_have_their_names(
    inbox: SqliteInbox, platform: int, code: int, module: str, title: str
) -> None:
    crash(inbox, make_minidump(platform=platform, code=code, module=module))
    assert Issue.objects.get().title == title


def test_crashes_are_one_issue_by_fault_and_module(inbox: SqliteInbox) -> None:
    key = make_project()
    dumps = [
        make_minidump(),
        make_minidump(address=0x40FFFF),
        make_minidump(module="/usr/lib/libother.so"),
    ]
    for dump in dumps:
        body = make_envelope((DUMP, dump), ({"type": "event"}, b"{}"))
        put(inbox, make_raw_message(key, body))
    digest_batch(inbox)
    assert sorted(Issue.objects.values_list("event_count", flat=True)) == [1, 2]


def test_an_event_that_says_what_happened_keeps_its_words(inbox: SqliteInbox) -> None:
    event = crash(inbox, make_minidump(), message="The shop fell down.")

    assert "exception" not in event
    assert event["contexts"]["minidump"]["module"] == "libshop.so"


def test_a_dump_that_is_cut_off_or_none_says_what_it_can(inbox: SqliteInbox) -> None:
    key = make_project()
    dump = make_minidump()
    cut = [dump[:length] for length in range(0, len(dump), 16)]
    for content in (*cut, b"PK\x03\x04", b"MDMP" + b"\xff" * 500):
        body = make_envelope((DUMP, content), ({"type": "event"}, b'{"level": "fatal"}'))
        put(inbox, make_raw_message(key, body))
    result = digest_batch(inbox)
    assert (result.quarantined, Event.objects.count()) == (0, len(cut) + 2)
    issue = Issue.objects.get(title="Native crash")
    assert issue.value == ""  # its title is not said again


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"7"])
def test_a_dump_beside_no_event_is_no_fault_of_ours(inbox: SqliteInbox, payload: bytes) -> None:
    body = make_envelope((DUMP, make_minidump()), ({"type": "event"}, payload))
    put(inbox, make_raw_message(make_project(), body))
    assert digest_batch(inbox).quarantined == 1
