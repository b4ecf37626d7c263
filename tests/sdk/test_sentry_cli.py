"""@sentry/cli as its users run it: what it sends with nothing but a DSN."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.needs import NODE_DIR
from tests.sdk.reading import Visitor
from tests.sdk.storage import read_stored
from tests.sdk.test_wire import write_envelope
from tests.server import Site, child_environment, wait_until

pytestmark = [pytest.mark.sdk, pytest.mark.node]
Run = Callable[..., str]


@pytest.fixture
def sentry_cli(node: Path, tmp_path: Path) -> Run:
    """The command, which must succeed; gives what it printed."""
    command = NODE_DIR / "node_modules" / "@sentry" / "cli" / "bin" / "sentry-cli"

    def run(*words: str, dsn: str) -> str:
        settings = {"SENTRY_DSN": dsn, "SENTRY_LOG_LEVEL": "warn", "HOME": str(tmp_path)}
        done = subprocess.run(
            [str(node), str(command), *words],
            cwd=tmp_path,
            env=child_environment() | settings,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_send_event_becomes_an_issue(site: Site, visitor: Visitor, sentry_cli: Run) -> None:
    dsn = site.create_project("crane")

    words = (
        "-m",
        "the crane is stuck",
        "-l",
        "warning",
        "-t",
        "berth:7",
        "-r",
        "crane@2",
        "-E",
        "quay",
    )
    printed = sentry_cli("send-event", *words, dsn=dsn)

    assert "Event dispatched" in printed
    page = visitor.open_issue("crane", "the crane is stuck")
    page.assert_says("Warning the crane is stuck", "berth 7", "crane@2", "quay")


def test_send_envelope_is_taken_whole(
    site: Site, visitor: Visitor, sentry_cli: Run, tmp_path: Path
) -> None:
    dsn = site.create_project("derrick")
    path = tmp_path / "one.envelope"
    event = {"event_id": "4f" * 16, "message": "the load swings", "level": "error"}
    path.write_bytes(
        write_envelope(
            {"event_id": "4f" * 16},
            ({"type": "event"}, json.dumps(event).encode()),
            ({"type": "attachment", "filename": "load.txt"}, b"9 t\n"),
        )
    )

    sentry_cli("send-envelope", str(path), dsn=dsn)

    visitor.open_issue("derrick", "the load swings").assert_says("load.txt")


def test_monitors_run_checks_in_before_and_after(site: Site, sentry_cli: Run) -> None:
    dsn = site.create_project("tide")

    sentry_cli("monitors", "run", "high-water", "-e", "quay", "--", "true", dsn=dsn)

    def both() -> list[str] | None:
        items = read_stored(site, ["tide"])["tide"].of_type("check_in")
        return [item.json["status"] for item in items] if len(items) > 1 else None

    assert wait_until(both, "both check-ins") == ["in_progress", "ok"]
