"""Fixtures of the SDK tests."""

from collections.abc import Iterator

import pytest

from tests.sdk.reading import Visitor
from tests.server import Site


@pytest.fixture(scope="session")
def visitor(site: Site) -> Iterator[Visitor]:
    """Somebody who reads the running site's pages."""
    reader = Visitor(site)
    yield reader
    reader.http.close()
