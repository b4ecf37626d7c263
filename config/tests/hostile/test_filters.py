"""SQL and nonsense through filters: each name that a view reads from the query, by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from config.tests.hostile.addresses import every_address
from config.tests.hostile.probe import MARK
from config.tests.hostile.scene import Scene, harmed, snapshot

pytestmark = pytest.mark.django_db

NONSENSE = [
    "' OR 1=1 --",
    '"; DROP TABLE errors_issue; --',
    "1) UNION SELECT password FROM accounts_user --",
    "%_\\[$ne]",
    "9" * 40,
    "-9223372036854775809",
    "NaN",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
]


def test_no_filter_reaches_the_database_as_sql(scene: Scene) -> None:
    filters, before = _filters(scene), snapshot(scene)
    see_all, see_own = scene.client("all rights"), scene.client("all of the stranger's")
    for path, names in filters.items():
        for value in NONSENSE:
            for name in names:
                assert see_all.get(path, {name: value}).status_code < 500, (path, name, value)
            seen = see_own.get(path, dict.fromkeys(names, value))
            content = b"".join(seen) if seen.streaming else seen.content
            assert MARK.encode() not in content, (path, value)
    assert not harmed(scene, before)


def test_filters_are_found_by_watching_what_views_read(scene: Scene) -> None:
    filters = _filters(scene)
    assert {"q", "sort", "status", "environment"} <= filters["/issues/"]
    assert {"project", "since", "search", "limit", "offset"} <= filters["/api/errors"]


def _filters(scene: Scene) -> dict[str, set[str]]:
    """For each address the names that its view asks the query for."""
    client, found = scene.client("all rights"), {}
    for address in every_address():
        # Django refuses nonsense in its lists itself.
        if "logout" in address.name or address.is_admin:
            continue
        path = address.path(scene.value_of)
        with _watched() as names:
            client.get(path)
        if names:
            found[path] = names
    return found


@contextmanager
def _watched() -> Iterator[set[str]]:
    names: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        for method in ("get", "getlist", "__getitem__"):
            patch.setattr(QueryDict, method, _watching(method, names), raising=False)
        yield names


def _watching(method: str, names: set[str]) -> Any:
    original = getattr(MultiValueDict, method)

    def watch(self: QueryDict, name: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(name, str):
            names.add(name)
        return original(self, name, *arguments, **options)

    return watch
