"""The published client of the native error tracker, unchanged: only its address is another."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from sqlite3 import connect
from typing import Any

import httpx
import pytest

from tests.sdk.processes import serve_app
from tests.sdk.reading import Visitor
from tests.server import Site, start_site, wait_until

pytestmark = pytest.mark.sdk

SERVER = (sys.executable, "-m", "uvicorn", "monlight_app:app", "--port", "{port}")


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """Of the whole site, as the old service had one."""
    return site.run_command("create_api_key").splitlines()[-1]


@pytest.fixture(scope="module")
def tracker(site: Site, key: str) -> Iterator[httpx.Client]:
    """Somebody who asks the native interface."""
    with httpx.Client(base_url=site.base_url, headers={"X-API-Key": key}) as client:
        yield client


@pytest.fixture(scope="module")
def shop(site: Site, key: str) -> Iterator[httpx.Client]:
    settings = {"TRACKER_URL": site.base_url, "TRACKER_KEY": key}
    with serve_app(*SERVER, settings=settings) as client:
        yield client


def find_error(tracker: httpx.Client, kind: str, count: int = 1) -> dict[str, Any]:
    """The error of this type once it has happened so often; the client reports by the way."""

    def look() -> dict[str, Any] | None:
        listed = tracker.get("/api/errors", params={"project": "old-shop"}).json()["errors"]
        found = (each for each in listed if each["exception_type"] == kind)
        error: dict[str, Any] | None = next(found, None)
        return error if error and error["count"] == count else None

    error = wait_until(look, f"{count} of {kind}")
    read: dict[str, Any] = tracker.get(f"/api/errors/{error['id']}").json()
    return read


def test_request_that_crashes_is_reported_by_the_handler(
    shop: httpx.Client, tracker: httpx.Client, visitor: Visitor
) -> None:
    answer = shop.post("/orders/981/pay?tip=2", headers={"Cookie": "sessionid=feedbeef"})
    assert answer.status_code == 500

    error = find_error(tracker, "ZeroDivisionError")
    (occurrence,) = error["occurrences"]
    assert error["message"] == "float division by zero"
    assert error["traceback"].startswith("Traceback (most recent call last):\n")
    assert "monlight_app.py" in error["traceback"]
    assert occurrence["request_method"] == "POST"
    assert occurrence["request_url"] == f"{shop.base_url}/orders/981/pay?tip=2"
    assert "cookie" not in occurrence["request_headers"]
    page = visitor.open_issue("old-shop", "ZeroDivisionError")
    page.assert_says("ZeroDivisionError: float division by zero", "split_bill", "total / people")


def test_error_reported_by_hand_keeps_its_context(
    shop: httpx.Client, tracker: httpx.Client
) -> None:
    for count in (1, 2):
        assert shop.post("/stock").status_code == 200
        error = find_error(tracker, "KeyError", count)

    occurrence = error["occurrences"][0]
    assert error["message"] == "'tea'"
    assert occurrence["user_id"] == "42"
    assert occurrence["extra"] == {"shelf": [3, None]}
    assert occurrence["request_url"] == "http://shop.example/stock?page=2"
    assert occurrence["request_headers"] == {"Accept": "text/html"}


def test_resolved_error_comes_back(shop: httpx.Client, tracker: httpx.Client) -> None:
    shop.post("/stock")
    error = find_error(tracker, "KeyError", 3)
    resolved = tracker.post(f"/api/errors/{error['id']}/resolve")
    assert resolved.json() == {"status": "resolved", "id": error["id"]}
    assert tracker.get(f"/api/errors/{error['id']}").json()["resolved"] is True

    shop.post("/stock")

    assert find_error(tracker, "KeyError", 4)["resolved"] is False


def test_locked_database_is_503_in_seconds_and_keeps_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    site = start_site(tmp_path_factory.mktemp("locked") / "data")
    try:
        key = site.run_command("create_api_key", "till").splitlines()[-1]
        report = {"project": "till", "exception_type": "E", "message": "", "traceback": ""}
        with httpx.Client(base_url=site.base_url, headers={"X-API-Key": key}) as client:
            assert client.post("/api/errors", json=report).status_code == 201
            with closing(connect(site.data_dir / "catchall.sqlite3")) as other:
                other.execute("BEGIN IMMEDIATE")
                began = time.monotonic()
                answer = client.post("/api/errors", json=report)
                took_s = time.monotonic() - began
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert took_s < 4.5
            again = client.post("/api/errors", json=report)
            assert again.json()["count"] == 2
    finally:
        site.stop()


def test_reports_from_many_threads_are_each_counted_once(site: Site, key: str) -> None:
    counts: list[int] = []

    def report() -> None:
        error = {"project": "many", "exception_type": "E", "message": "m", "traceback": ""}
        with httpx.Client(base_url=site.base_url, timeout=60) as client:
            for _ in range(5):
                answer = client.post("/api/errors", json=error, headers={"X-API-Key": key})
                assert answer.status_code in (200, 201), answer.text
                counts.append(answer.json().get("count", 1))

    threads = [threading.Thread(target=report) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == list(range(1, 41))
