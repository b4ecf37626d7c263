"""Each test has a database of its own, and so nothing may be remembered from the last one."""

from collections.abc import Iterator

import pytest

from errors.services.record import forget_caches


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    forget_caches()
    yield
    forget_caches()
