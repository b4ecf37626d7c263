"""sentry-sdk's features one by one, against the running site: what each sends, and what is kept."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sdk.processes import run_app
from tests.sdk.reading import Visitor
from tests.sdk.storage import Stored, create_projects, read_stored
from tests.server import Site, wait_until

pytestmark = pytest.mark.sdk

AT_ONCE = 3
# What an application sends that uses this feature alone; "files" and "feedback" are no types.
FEATURES = {
    "attachments": ("files", 2),
    "feedback": ("feedback", 1),
    "user_report": ("feedback", 1),
    "logs": ("log", 1),
    "measurements": ("trace_metric", 1),
    "check_ins": ("check_in", 2),
    "sessions": ("session", 1),
    "request_sessions": ("sessions", 1),
    "tracing_with_spans": ("transaction", 1),
    "tracing_without_spans": ("transaction", 1),
    "streamed_spans": ("span", 1),
    "profiling": ("profile", 1),
    "dropped_events": ("client_report", 1),
}


@pytest.fixture(scope="module")
def kept(site: Site) -> dict[str, Stored]:
    """What is kept of each feature, each used by a process and in a project of its own."""
    dsns = create_projects(site, FEATURES)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for errors in threads.map(lambda name: use(name, dsns[name]), FEATURES):
            assert "Traceback" not in errors, errors

    def look() -> dict[str, Stored] | None:
        found = read_stored(site, FEATURES)
        complete = all(number_of(found[name], *FEATURES[name]) for name in FEATURES)
        return found if complete else None

    return wait_until(look, "everything to be digested", timeout_s=60)


def use(feature: str, dsn: str) -> str:
    """Run an application that uses the feature; gives what it wrote as errors."""
    return run_app(sys.executable, "features.py", feature, settings={"SENTRY_DSN": dsn})


def number_of(stored: Stored, kind: str, number: int) -> bool:
    """Whether there are so many of this kind."""
    found = {"files": stored.files, "feedback": stored.feedback}.get(kind, stored.of_type(kind))
    return len(found) >= number


def test_attachments_are_files_of_their_event(kept: dict[str, Stored], visitor: Visitor) -> None:
    page = visitor.open_issue("attachments", "the basket is full")

    page.assert_says("basket.txt", "shelf.png")
    assert kept["attachments"].files == [["basket.txt", 13], ["shelf.png", 8]]


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        ("feedback", ["It ate my card.", "Ana", "ana@example.com"]),
        ("user_report", ["Ouch.", "Bo", "bo@example.com"]),
    ],
)
def test_what_people_say_is_kept_as_feedback(
    kept: dict[str, Stored], feature: str, said: list[str]
) -> None:
    assert kept[feature].feedback == [said]


def test_logs_are_kept_as_one_container(kept: dict[str, Stored]) -> None:
    item = kept["logs"].only("log")

    assert item.headers["item_count"] == 2
    assert [log["body"] for log in item.json["items"]] == ["shelf 7 is empty", "shelf 8 is full"]


def test_metrics_are_kept_as_one_container(kept: dict[str, Stored]) -> None:
    item = kept["measurements"].only("trace_metric")

    found = [(one["name"], one["type"], one["value"]) for one in item.json["items"]]
    assert found == [
        ("orders", "counter", 2),
        ("queue", "gauge", 5),
        ("wait", "distribution", 12.5),
    ]


def test_check_ins_are_kept_with_their_monitor(kept: dict[str, Stored]) -> None:
    start, end = (item.json for item in kept["check_ins"].of_type("check_in"))

    assert (start["status"], end["status"]) == ("in_progress", "ok")
    assert start["check_in_id"] == end["check_in_id"]
    assert start["monitor_config"]["schedule"]["value"] == "0 3 * * *"


def test_a_session_is_kept(kept: dict[str, Stored]) -> None:
    session = kept["sessions"].of_type("session")[-1].json

    assert (session["status"], session["errors"]) == ("exited", 1)
    assert session["attrs"]["release"] == "till@4"
    assert session["attrs"]["environment"] == "night"


def test_sessions_of_requests_are_kept_as_aggregates(kept: dict[str, Stored]) -> None:
    assert kept["request_sessions"].only("sessions").json["aggregates"][0]["exited"] == 1


def test_a_transaction_is_kept_with_its_spans(kept: dict[str, Stored]) -> None:
    transaction = kept["tracing_with_spans"].only("transaction").json

    assert transaction["transaction"] == "count stock"
    assert [span["description"] for span in transaction["spans"]] == ["SELECT shelves"]


def test_a_transaction_without_spans_is_kept(kept: dict[str, Stored]) -> None:
    transaction = kept["tracing_without_spans"].only("transaction").json

    assert (transaction["transaction"], transaction["spans"]) == ("close shop", [])


def test_streamed_spans_are_kept_as_one_container(kept: dict[str, Stored]) -> None:
    item = kept["streamed_spans"].only("span")

    assert item.headers["item_count"] == 2
    assert [span["name"] for span in item.json["items"]] == ["light", "open shop"]


def test_a_profile_is_kept_beside_its_transaction(kept: dict[str, Stored]) -> None:
    assert "shelves" in kept["profiling"].only("transaction").payload
    assert kept["profiling"].only("profile").json["profile"]["samples"]


def test_what_the_client_dropped_is_kept_as_its_report(kept: dict[str, Stored]) -> None:
    report = kept["dropped_events"].only("client_report").json

    dropped = {"reason": "before_send", "category": "error", "quantity": 2}
    assert report["discarded_events"] == [dropped]
