"""Fixtures of the tests that talk to a really started site."""

from collections.abc import Iterator

import pytest

from tests.server import Site, start_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for the whole run; each test makes projects of its own on it."""
    running = start_site(tmp_path_factory.mktemp("site") / "data")
    yield running
    running.stop()
