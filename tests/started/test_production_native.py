"""Native clients of a site in several processes, through its proxy."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from tests.production import Stack, start_stack
from tests.server import wait_until

pytestmark = pytest.mark.production

REPORT = {"exception_type": "E", "message": "m", "traceback": ""}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """With two processes for pages, and so for native clients."""
    settings = {"WEB_WORKERS": "2", "NATIVE_ERRORS_PER_MINUTE": "1000"}
    with start_stack(settings) as running:
        yield running
        assert "Traceback" not in running.log()


@pytest.fixture(scope="module")
def tracker(stack: Stack) -> Iterator[httpx.Client]:
    """A client with a key of the whole site."""
    key = stack.run_command("create_api_key").splitlines()[-1]
    headers = {"X-API-Key": key}
    limits = httpx.Limits(max_connections=32)
    with httpx.Client(
        base_url=stack.base_url, headers=headers, limits=limits, timeout=60
    ) as client:
        yield client


def errors_of(tracker: httpx.Client, project: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tracker.get("/api/errors", params={"project": project}).json()[
        "errors"
    ]
    return found


def test_reports_to_two_processes_are_each_counted_once(tracker: httpx.Client) -> None:
    def report(_: int) -> httpx.Response:
        return tracker.post("/api/errors", json={"project": "many", **REPORT})

    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(report, range(96)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 95}
    assert sorted(answer.json().get("count", 1) for answer in answers) == list(range(1, 97))
    (error,) = errors_of(tracker, "many")
    assert error["count"] == 96
    assert tracker.get("/api/projects").json()["projects"].count("many") == 1


def test_limit_holds_over_processes_and_connections(stack: Stack, tracker: httpx.Client) -> None:
    key = stack.run_command("create_api_key", "till").splitlines()[-1]
    stack.postgres.query(
        "UPDATE projects_nativekey SET errors_per_minute = 20 WHERE project_id IS NOT NULL"
    )

    def report(_: int) -> int:
        answer = tracker.post(
            "/api/errors", json={"project": "till", **REPORT}, headers={"X-API-Key": key}
        )
        return answer.status_code

    with ThreadPoolExecutor(32) as threads:
        codes = Counter(threads.map(report, range(60)))

    assert codes[429] == 40
    assert errors_of(tracker, "till")[0]["count"] == 20


def test_simple_events_are_digested_from_the_inbox(tracker: httpx.Client) -> None:
    answers = [
        tracker.post("/api/v1/events", json={"project_key": "simple", "message": "no more tea"})
        for _ in range(20)
    ]
    ids = [answer.json()["id"] for answer in answers]
    assert len(set(ids)) == 20

    def look() -> dict[str, Any] | None:
        found = errors_of(tracker, "simple")
        return found[0] if found and found[0]["count"] == 20 else None

    error = wait_until(look, "20 simple events")
    newest = tracker.get(f"/api/errors/{error['id']}").json()["occurrences"][0]["id"]
    assert newest == max(ids)


def test_locked_database_is_503_in_seconds_and_keeps_nothing(
    stack: Stack, tracker: httpx.Client
) -> None:
    report = {"project": "locked", **REPORT}
    assert tracker.post("/api/errors", json=report).status_code == 201
    with psycopg.connect(stack.postgres.url()) as other:
        other.execute("LOCK TABLE errors_event IN SHARE MODE")
        began = time.monotonic()
        answer = tracker.post("/api/errors", json=report)
        took_s = time.monotonic() - began
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert took_s < 4.5
    assert tracker.post("/api/errors", json=report).json()["count"] == 2


def test_page_of_another_origin_asks_before_it_reports(tracker: httpx.Client) -> None:
    made = tracker.post("/api/dsn-keys", json={"project": "pages"})
    headers = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    asked = tracker.options("/api/browser/errors", headers=headers)
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == "*"

    answer = tracker.post(
        "/api/browser/errors",
        json={"type": "TypeError", "message": "x is undefined"},
        headers={"X-Monlight-Key": made.json()["public_key"], "Origin": "https://shop.example"},
    )
    assert (answer.status_code, answer.json()["status"]) == (201, "created")
