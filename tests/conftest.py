"""Fixtures of the tests that talk to a really started site."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needs import NODE_DIR, find_chromium, leave_out
from tests.server import Site, start_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for the whole run; each test makes projects of its own on it."""
    running = start_site(tmp_path_factory.mktemp("site") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def node() -> Path:
    """Node.js, with the packages of tests/node beside it."""
    found = shutil.which("node")
    if not found or not (NODE_DIR / "node_modules").is_dir():
        leave_out("Node.js and its packages are missing: npm ci --prefix tests/node")
    return Path(found)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium."""
    found = find_chromium()
    return Path(found) if found else leave_out("there is no Chromium on this machine")
