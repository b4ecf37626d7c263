"""The command `catchall` and its library against the running site: reference, section 3."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.sdk.test_wire import EVENT, store_address
from tests.server import ADMIN_PASSWORD, ROOT, Site, child_environment, wait_until

pytestmark = pytest.mark.sdk
SOURCE = ROOT / "clients" / "python" / "src"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(site: Site, tmp_path: Path) -> Run:
    """The command in a process and a home of its own; `typed` is its standard input."""
    environment = child_environment(
        PYTHONPATH=str(SOURCE), XDG_CONFIG_HOME=str(tmp_path), CATCHALL_URL=site.base_url
    )

    def run_command(
        *words: str, typed: str = "", token: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "catchall_client", *words]
        return subprocess.run(
            command,
            env=environment | ({"CATCHALL_TOKEN": token} if token else {}),
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run_command


@pytest.fixture
def signed_in(run: Run) -> None:
    done = run("login", "admin", typed=f"{ADMIN_PASSWORD}\n")
    assert done.returncode == 0, done.stderr


def test_health_is_asked_with_the_slash(run: Run) -> None:
    assert (run("health").stdout, run("health").returncode) == ("OK\n", 0)


def test_a_wrong_password_is_not_signed_in(run: Run) -> None:
    done = run("login", "somebody-else", typed="a guess\n")
    assert done.returncode == 4
    assert "wrong login/password" in done.stderr


def test_tokens_are_kept_for_their_owner_alone(run: Run, signed_in: None, tmp_path: Path) -> None:
    path = tmp_path / "catchall" / "tokens.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_uid == os.geteuid()


def test_an_api_token_needs_no_sign_in_and_does_what_its_scopes_allow(site: Site, run: Run) -> None:
    code = (
        "from accounts.api_token_services import create_api_token as make;"
        "from accounts.models import User;"
        "print(make(user=User.objects.get(name='admin'), label='x', scopes=['projects:read'])[1])"
    )
    token = site.run_command("shell", "--no-imports", "-c", code).splitlines()[-1]
    assert run("project", "list", token=token).returncode == 0
    refused = run("project", "create", "not-made", token=token)
    assert (refused.returncode, "scope" in refused.stderr) == (1, True)


def test_people_are_made_read_changed_and_removed(run: Run, signed_in: None) -> None:
    made = run("--json", "user", "create-user", "carla", typed="a long new password\n")
    assert made.returncode == 0, made.stderr
    number = str(json.loads(made.stdout)["id"])
    assert "carla" in run("user", "list").stdout
    assert run("user", "update-user", number, "--telegram-chat-id", "4711").returncode == 0
    assert run("user", "get-user", number).stdout.splitlines()[1] == f"{number}\tcarla\t4711"
    assert run("login", "carla", typed="a long new password\n").returncode == 0
    # For her there is no such person: the answer is a deletion's, and he stays.
    assert run("user", "delete", "1").returncode == 0
    assert run("login", "admin", typed=f"{ADMIN_PASSWORD}\n").returncode == 0
    assert run("user", "get-user", "1").returncode == 0
    assert run("user", "delete", number).stdout == "User deleted successfully\n"
    missing = run("user", "get-user", number)
    assert (missing.returncode, missing.stderr) == (1, "catchall: User not found\n")


def test_projects_are_made_read_changed_and_removed(run: Run, signed_in: None) -> None:
    made = json.loads(run("--json", "project", "create", "pier", "--lang", "python").stdout)
    assert (made["name"], made["lang"], len(made["key"])) == ("pier", "python", 32)
    assert run("project", "update", "pier", "--name", "jetty").returncode == 0
    assert run("project", "get", "jetty").stdout.splitlines()[1].startswith(f"{made['id']}\tjetty")
    assert run("project", "delete-project", "jetty").stdout == "Project deleted successfully\n"
    missing = run("project", "get", str(made["id"]))
    assert (missing.returncode, missing.stderr) == (1, "catchall: Project not found\n")


def test_what_an_application_sent_is_listed(site: Site, run: Run, signed_in: None) -> None:
    dsn = site.create_project("lighthouse")
    answer = httpx.post(
        store_address(dsn), json=EVENT, params={"sentry_key": dsn.split("//")[1][:32]}
    )
    assert answer.status_code == 200
    listed = wait_until(
        lambda: json.loads(run("--json", "events", "list", "lighthouse").stdout), "the envelope"
    )
    assert listed[0]["event_id"] == answer.json()["id"]
    assert json.loads(listed[0]["items"][0]["payload"])["logentry"]
    table = run("events", "list", "lighthouse", "--limit", "1").stdout.splitlines()
    assert table[0] == "id\tevent_id\tsent_at\titems"
    assert table[1].split("\t")[1] == answer.json()["id"]
