"""What a fault did, as a row of the table that `make faults` prints."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx

from tests.faults.ledger import query_of, read_books, settle_account, wait_until_drained
from tests.faults.load import Load
from tests.production import Stack
from tests.server import Site, wait_until

# Set by `make faults`: where each test leaves its row, and that outages last their full length.
REPORT = "FAULTS_REPORT"
READY_TIMEOUT_S = 60
IS_FULL = bool(os.environ.get(REPORT))
# How long a server is away; one that hangs is given up by itself within less.
GONE_S = 60.0 if IS_FULL else 10.0
HANGS_S = 30.0 if IS_FULL else 12.0


@dataclass(slots=True)
class Finding:
    """One fault's row; `notes` say what else was seen."""

    fault: str
    way: str
    sent: int = 0
    accepted: int = 0
    refused: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    recovery_s: float = 0.0
    notes: list[str] = field(default_factory=list)


def spend_outage(load: Load, finding: Finding, seconds: float) -> int:
    """Let the time pass; how many events were accepted meanwhile, which is also noted."""
    before = len(load.accepted)
    time.sleep(seconds)
    meanwhile = len(load.accepted) - before
    finding.notes.append(f"{meanwhile} accepted meanwhile")
    return meanwhile


@contextmanager
def fault(site: Site, load: Load, name: str) -> Iterator[Finding]:
    """Let a fault happen inside the block; afterwards every event must be where it belongs.

    The load may still run when the block ends: it is stopped, what was never answered is sent
    once more, the inbox is drained, and the books are compared. Fails with what is wrong.
    """
    finding = Finding(name, "production" if isinstance(site, Stack) else "one process")
    try:
        yield finding
    finally:
        load.stop()
    settle(site, load, finding)


def settle(site: Site, load: Load, finding: Finding) -> None:
    """Send again, drain, compare, and write the row down."""
    load.send_again()
    started = time.monotonic()
    wait_until_drained(site)
    finding.recovery_s = round(time.monotonic() - started, 1)
    account = settle_account(load, read_books(query_of(site), load.project))
    finding.sent, finding.accepted = account.sent, account.accepted
    finding.refused, finding.stored = account.refused, account.stored
    finding.lost, finding.doubled = account.lost, account.doubled
    finding.notes += [f"{number} times {status}" for status, number in load.statuses.items()]
    finding.notes += account.mistakes
    _write_down(finding)
    wait_until(lambda: _is_ready(site), "the site to be ready", timeout_s=READY_TIMEOUT_S)
    assert not account.mistakes, f"{finding.fault}: {', '.join(account.mistakes)}"


def _is_ready(site: Site) -> bool:
    try:
        return httpx.get(f"{site.base_url}/ready", timeout=READY_TIMEOUT_S).is_success
    except httpx.TransportError:
        return False


def _write_down(finding: Finding) -> None:
    print(finding)
    if IS_FULL:
        with Path(os.environ[REPORT]).open("a") as report:
            report.write(json.dumps(asdict(finding)) + "\n")
