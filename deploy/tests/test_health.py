"""Health checks: an address that answers, a file that is fresh."""

import os
import time
from pathlib import Path

from deploy.health import FRESH_S, is_well
from tests.server import free_port


def test_a_file_must_have_been_touched_lately(tmp_path: Path) -> None:
    heartbeat = tmp_path / "heartbeat"
    assert not is_well(str(heartbeat))
    heartbeat.touch()
    assert is_well(str(heartbeat))
    old = time.time() - 2 * FRESH_S
    os.utime(heartbeat, (old, old))
    assert not is_well(str(heartbeat))


def test_an_address_that_nobody_serves_is_not_well() -> None:
    assert not is_well(f"http://127.0.0.1:{free_port()}/health")
