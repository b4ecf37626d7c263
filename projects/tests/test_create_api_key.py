"""The command that makes or imports a native API key."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from common.secret_texts import hash_secret
from projects.models import NativeKey, Project
from projects.services import create_project

pytestmark = pytest.mark.django_db
STRONG = "f3a9c0d17b5e4682af01c2d3e4b59687"


def create(*args: str) -> list[str]:
    output = StringIO()
    call_command("create_api_key", *args, stdout=output)
    return output.getvalue().splitlines()


def key_of(text: str) -> NativeKey:
    return NativeKey.objects.get(secret_hash=hash_secret(text))


def test_the_key_stands_alone_on_the_last_line() -> None:
    (text,) = create()
    assert text.startswith("cak_")
    assert key_of(text).project is None


def test_a_project_is_found_by_its_name_or_made() -> None:
    shop = create_project(name="Shop", platform="go", owner=None)
    assert key_of(create("Shop")[-1]).project == shop
    root = User.objects.create_superuser("root")
    lines = create("Billing")
    assert lines[0] == "Made the project Billing."
    billing = Project.objects.get(name="Billing")
    assert key_of(lines[-1]).project == billing
    assert billing.memberships.get().user == root


def test_each_run_makes_another_key() -> None:
    assert create()[-1] != create()[-1]


def test_a_given_key_is_imported_once() -> None:
    assert create("Shop", "--key", STRONG)[-1] == STRONG
    assert create("Shop", "--key", STRONG) == [STRONG]
    assert NativeKey.objects.count() == 1


def test_a_weak_key_is_refused_without_being_repeated() -> None:
    with pytest.raises(CommandError, match="too weak, it has fewer than 20") as caught:
        create("--key", "hunter2")
    assert "hunter2" not in str(caught.value)


def test_a_key_that_opens_something_else_is_refused() -> None:
    create("Shop", "--key", STRONG)
    with pytest.raises(CommandError, match="opens something else"):
        create("--key", STRONG)


@pytest.mark.parametrize("arguments", [("x" * 101,), ("",), ("Shop", "--label", "x" * 101)])
def test_a_name_that_no_column_holds_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="1 to 100 characters"):
        create(*arguments)
    assert not NativeKey.objects.exists()
