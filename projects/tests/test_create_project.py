"""The command that makes a project."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from projects.models import Project

pytestmark = pytest.mark.django_db


def create(*args: str) -> list[str]:
    output = StringIO()
    call_command("create_project", *args, stdout=output)
    return output.getvalue().splitlines()


def test_the_dsn_stands_alone_on_the_last_line(settings: Any) -> None:
    settings.SITE_URL = "https://errors.example.com/tracker"
    line = create("Shop", "--print-dsn")[-1]
    project = Project.objects.get()
    key = project.keys.get()
    assert line == f"https://{key.public_key}@errors.example.com/tracker/{project.pk}"


def test_without_the_option_no_dsn_is_printed() -> None:
    assert not any("@" in line for line in create("Shop"))


def test_a_script_can_run_twice() -> None:
    assert create("Shop", "--print-dsn")[-1] == create("Shop", "--print-dsn")[-1]
    assert Project.objects.count() == 1


def test_without_the_option_a_second_run_fails() -> None:
    create("Shop")
    with pytest.raises(CommandError, match="called Shop exists already"):
        create("Shop")


def test_the_first_administrator_owns_it() -> None:
    root = User.objects.create_superuser("root")
    create("Shop", "--platform", "go")
    project = Project.objects.get()
    assert project.memberships.get().user == root
    assert project.platform == "go"


def test_an_owner_is_named() -> None:
    ana = User.objects.create_user("ana", "ana@example.com")
    create("Shop", "--owner", "ana@example.com")
    assert Project.objects.get().memberships.get().user == ana
    with pytest.raises(CommandError, match="no active person called bob"):
        create("Other", "--owner", "bob")
    assert not Project.objects.filter(name="Other").exists()


def test_revoked_keys_are_not_printed() -> None:
    create("Shop")
    Project.objects.get().keys.update(revoked_at="2026-01-01T00:00:00Z")
    with pytest.raises(CommandError, match="Every key of Shop is revoked"):
        create("Shop", "--print-dsn")


OLD_KEY = "0123456789abcdef0123456789abcdef"


def test_the_key_of_an_existing_dsn_is_kept() -> None:
    line = create("Shop", "--key", OLD_KEY, "--print-dsn")[-1]
    assert f"//{OLD_KEY}@" in line
    assert Project.objects.get().keys.get().public_key == OLD_KEY
    assert create("Shop", "--key", OLD_KEY, "--print-dsn")[-1] == line


def test_a_project_that_exists_gets_the_key_beside_its_own() -> None:
    create("Shop")
    assert f"//{OLD_KEY}@" in create("Shop", "--key", OLD_KEY, "--print-dsn")[-1]
    assert Project.objects.get().keys.count() == 2


@pytest.mark.parametrize("key", ["", "0123", "0123456789ABCDEF0123456789ABCDEF", f"{OLD_KEY}\n"])
def test_a_key_that_no_dsn_holds_is_refused(key: str) -> None:
    with pytest.raises(CommandError, match="32 lower-case hex digits"):
        create("Shop", "--key", key)
    assert not Project.objects.exists()


def test_a_key_of_another_project_or_a_revoked_one_is_refused() -> None:
    create("Shop", "--key", OLD_KEY)
    with pytest.raises(CommandError, match="belongs to another project"):
        create("Billing", "--key", OLD_KEY)
    assert not Project.objects.filter(name="Billing").exists()
    Project.objects.get().keys.update(revoked_at="2026-01-01T00:00:00Z")
    with pytest.raises(CommandError, match="is revoked"):
        create("Shop", "--key", OLD_KEY)
