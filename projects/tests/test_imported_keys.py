"""Keys from variables: native-apis.md, section 5, "API_KEY" and its kin."""

from typing import Any

import pytest
from django.utils import timezone

from common.secret_texts import hash_secret
from projects.imported_keys import import_keys
from projects.models import NativeKey
from projects.native_key_services import import_native_key
from projects.services import create_project

pytestmark = pytest.mark.django_db
FIRST = "f3a9c0d17b5e4682af01c2d3e4b59687"
SECOND = "0c41d9a2e8b76f5310faced0b1e2d3c4"


def take(**variables: str) -> list[str]:
    return import_keys(variables, timezone.now())


def key_of(text: str) -> NativeKey:
    return NativeKey.objects.get(secret_hash=hash_secret(text))


def test_api_key_opens_the_whole_site() -> None:
    assert take(API_KEY=FIRST) == ["Took the key of API_KEY for clients of browser, errors, "
                                   "logs, metrics."]  # fmt: skip
    key = key_of(FIRST)
    assert (key.project, key.is_active) == (None, True)
    assert FIRST not in f"{key.label}{key.source}"


@pytest.mark.parametrize(
    ("name", "areas"),
    [
        ("ERROR_TRACKER_API_KEY", ["browser", "errors"]),
        ("LOG_VIEWER_API_KEY", ["logs"]),
        ("METRICS_COLLECTOR_API_KEY", ["metrics"]),
    ],
)
def test_the_key_of_one_service_opens_what_it_was(name: str, areas: list[str]) -> None:
    take(**{name: FIRST})
    assert key_of(FIRST).areas == areas


def test_one_value_in_several_variables_is_one_key() -> None:
    take(ERROR_TRACKER_API_KEY=FIRST, LOG_VIEWER_API_KEY=FIRST)
    assert key_of(FIRST).areas == ["browser", "errors", "logs"]
    take(ERROR_TRACKER_API_KEY=FIRST, METRICS_COLLECTOR_API_KEY=FIRST)
    assert len(key_of(FIRST).areas) == 4


def test_a_second_start_changes_nothing_and_says_nothing() -> None:
    take(API_KEY=FIRST)
    assert take(API_KEY=FIRST) == []
    assert NativeKey.objects.count() == 1


def test_without_the_variables_the_database_is_not_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert import_keys({"API_KEY": "", "LOG_VIEWER_API_KEY": ""}, timezone.now()) == []


def test_another_value_takes_the_place_of_the_one_before() -> None:
    take(API_KEY=FIRST, LOG_VIEWER_API_KEY=SECOND)
    lines = take(API_KEY=SECOND, LOG_VIEWER_API_KEY=SECOND)
    assert "Revoked the key that API_KEY held before." in lines
    assert not key_of(FIRST).is_active
    assert key_of(SECOND).is_active


def test_a_variable_that_is_gone_leaves_its_key() -> None:
    take(API_KEY=FIRST)
    take()
    assert key_of(FIRST).is_active


def test_a_weak_key_is_taken_with_a_warning_that_does_not_repeat_it() -> None:
    lines = take(API_KEY="hunter2")
    assert lines[0].startswith("API_KEY is weak, it has fewer than 20 characters")
    assert "hunter2" not in " ".join(lines)
    assert key_of("hunter2").prefix == ""
    assert take(API_KEY="hunter2") == lines[:1]


def test_what_a_person_revoked_stays_revoked() -> None:
    take(API_KEY=FIRST)
    key_of(FIRST).revoke(now=timezone.now())
    assert take(API_KEY=FIRST) == ["API_KEY holds a key that was revoked, and stays so."]
    assert not key_of(FIRST).is_active


def test_the_key_of_a_project_does_not_open_the_site() -> None:
    shop = create_project(name="Shop", platform="go", owner=None)
    import_native_key(project=shop, label="Old", text=FIRST)
    assert "opens the project Shop only" in take(API_KEY=FIRST)[0]
    assert key_of(FIRST).project == shop
