"""Every inbox when processes are killed: whatever it answered for is there."""

import asyncio
import subprocess
import sys
import time

import pytest

from ingest.inbox.base import Inbox
from ingest.tests.inboxes import LEASE_S, OpenInbox, ack, eventually, message_of, put, take


@pytest.fixture
def inbox(open_inbox: OpenInbox) -> Inbox:
    return open_inbox()


def run_process(place: str, command: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "ingest.tests.inbox_process", place, command],
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return str(process.stdout.readline()).strip()


def kill(process: "subprocess.Popen[str]") -> str:
    """Kill it as a power cut would, and return the rest of what it wrote."""
    process.kill()
    output, _ = process.communicate()
    return output


def test_a_killed_reader_is_counted(place: str, open_inbox: OpenInbox) -> None:
    inbox = open_inbox()
    put(inbox, *(b"%d" % number for number in range(64)))
    inbox.close()

    held = []
    for _ in range(5):
        process = run_process(place, "hold")
        held.append(first_line(process))
        kill(process)
        time.sleep(1.2 * LEASE_S)

    # Fewer each time: the message that kills its readers ends alone.
    assert held == ["64 1", "8 2", "1 3", "1 4", "1 5"]
    after = open_inbox()
    found = []
    while batch := take(after, max_messages=64):
        found += [(int(d.message.body), d.deliveries) for d in batch]
        ack(after, batch)
    assert [number for number, _ in found] == list(range(64))
    assert found[0] == (0, 6)
    assert {deliveries for number, deliveries in found if 1 <= number < 8} == {3}
    assert {deliveries for number, deliveries in found if number >= 8} == {2}


def test_what_a_killed_process_answered_for_is_there(place: str, open_inbox: OpenInbox) -> None:
    process = run_process(place, "append")
    answered = [first_line(process) for _ in range(20)]
    # The last line may have been cut.
    answered += kill(process).splitlines()[:-1]
    row_ids = {int(row_id) for line in answered for row_id in line.split()}

    inbox = open_inbox()
    found: dict[int, int] = {}
    while batch := take(inbox):
        found.update({d.row_id: len(d.message.body) for d in batch})
        ack(inbox, batch)

    assert row_ids <= found.keys()
    assert set(found.values()) == {10, 6_000, 120_000}
    assert len(found) >= 80


def test_a_client_that_left_spoils_nothing(inbox: Inbox) -> None:
    async def leave_and_stay() -> int:
        left, stays = (inbox.append_soon(message_of(b"x")) for _ in range(2))
        left.cancel()
        return await stays

    assert asyncio.run(leave_and_stay()) > 0
    assert eventually(lambda: inbox.depth() == 2)


def test_a_loop_that_ended_spoils_nothing(inbox: Inbox) -> None:
    async def leave() -> None:
        inbox.append_soon(message_of(b"x"))

    asyncio.run(leave())
    put(inbox, b"y")
    assert eventually(lambda: inbox.depth() == 2)
