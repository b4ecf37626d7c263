"""What clients and people do to a site that cannot follow at once."""

from contextlib import closing

import psutil
import pytest

from benchmarks.live_listener import LiveListener
from tests.faults.findings import IS_FULL, fault
from tests.faults.ledger import wait_until_drained
from tests.faults.load import Load
from tests.production import Stack, start_stack
from tests.sdk.reading import Visitor
from tests.server import wait_until

pytestmark = pytest.mark.faults

SMALL_INBOX = 2 * 1024 * 1024
GROWTH = 32 * 1024 * 1024


def test_an_inbox_at_its_bound_asks_to_come_back() -> None:
    with start_stack({"INBOX_MAX_BYTES": str(SMALL_INBOX)}) as stack:
        load = Load(stack.create_project("Bound"), padding=20_000)
        with fault(stack, load, "an inbox at its bound while nobody digests") as finding:
            with stack.paused("worker"):
                load.start()
                wait_until(lambda: load.statuses[503] > 50, "refusals", timeout_s=60)
                assert 20 < len(load.accepted) < 300
                before = memory_of(stack)
                more = 20_000 if IS_FULL else 500
                wait_until(lambda: load.statuses[503] > 50 + more, "more of them", timeout_s=180)
                grown = memory_of(stack) - before
                finding.notes.append(f"memory of ingest and Redis grew by {grown >> 20} MB")
                assert grown < GROWTH
            load.wait_for(100)
        assert set(load.statuses) == {503}


def test_thousands_of_distinct_issues_are_all_there(stack: Stack, load: Load) -> None:
    number = 10_000 if IS_FULL else 1_000
    load.issues, load.pause_s = 1_000_000, 0.0
    with (
        fault(stack, load, f"{number:,} distinct issues at once") as finding,
        LiveListener(stack) as listener,
    ):
        with stack.paused("worker"):
            load.start()
            load.wait_for(number)
            load.stop()
        wait_until_drained(stack)
        with closing(Visitor(stack).http) as browser:
            assert "Fault" in browser.get("/issues/").raise_for_status().text
        finding.notes.append(f"{listener.messages} live messages")
        assert 0 < listener.messages < number / 20


def test_one_issue_from_eight_workers_meets_no_deadlock() -> None:
    with start_stack({"WORKER_PROCESSES": "8"}) as stack:
        load = Load(stack.create_project("One"), issues=1)
        with fault(stack, load, "one issue at full speed, 8 workers") as finding:
            load.start()
            load.wait_for(6_000 if IS_FULL else 1_500)
            load.stop()
            wait_until_drained(stack)
            ((deadlocks,),) = stack.postgres.query(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = 'catchall'"
            )
            finding.notes.append(f"{deadlocks} deadlocks")
            assert deadlocks == 0


def test_a_backlog_from_before_a_resolution_reopens_nothing(stack: Stack, load: Load) -> None:
    load.issues = 1
    with fault(stack, load, "a backlog digested after somebody resolved the issue"):
        load.send(5)
        wait_until_drained(stack)
        with stack.paused("worker"):
            load.send(5)
            _resolve(stack, load)
        wait_until(lambda: _issue(stack, load)[1] == 10, "the backlog's digest", timeout_s=60)
        assert _issue(stack, load)[2] == "resolved"
        load.send(1)
        wait_until(lambda: _issue(stack, load)[2] == "unresolved", "the issue to come back")


def memory_of(stack: Stack) -> int:
    """Bytes that ingest's processes and Redis hold."""
    ingest = psutil.Process(stack.pid("ingest"))
    redis = psutil.Process(stack.redis.process.pid) if stack.redis.process else ingest
    processes = [ingest, *ingest.children(recursive=True), redis]
    return sum(process.memory_info().rss for process in processes)


def _resolve(stack: Stack, load: Load) -> None:
    """As a person does, in the browser."""
    form = {"issue": str(_issue(stack, load)[0]), "action": "resolve"}
    with closing(Visitor(stack).http) as browser:
        form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
        browser.post("/issues/status/", data=form).raise_for_status()


def _issue(stack: Stack, load: Load) -> tuple[object, ...]:
    """The project's one issue: its id, count and status."""
    (issue,) = stack.postgres.query(
        f"SELECT id, event_count, status FROM errors_issue WHERE project_id = {load.project}"
    )
    return issue
