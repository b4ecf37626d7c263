"""Every operation of the API's document against the running site: nothing made up is a 500."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.server import ADMIN_PASSWORD, ROOT, Site, start_site

pytestmark = pytest.mark.started

# For making requests up; the examples of the document, and what its bounds suggest, come first.
BUDGET_S = 30
# The limits that stop a guesser would stop this, too.
UNLIMITED = {"NATIVE_ERRORS_PER_MINUTE": "100000", "NATIVE_BROWSER_PER_MINUTE": "100000"}
# 503 is an honest answer: no channel for alerts, an inbox that is full.
CONFIG = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "503"]

[parameters]
"path.project" = {project}
"path.project_id" = {project}
"path.user_id" = {person}
"query.sentry_key" = "{public_key}"

# What is sent needs the project all the while.
[[operations]]
include-path = "/api/v1/projects/{{project_id}}"
include-method = "DELETE"
parameters = {{ "path.project_id" = {other} }}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = start_site(tmp_path_factory.mktemp("api") / "data", settings=UNLIMITED)
    yield running
    running.stop()


def test_nothing_that_the_document_allows_or_forbids_is_a_fault(site: Site, tmp_path: Path) -> None:
    with httpx.Client(base_url=f"{site.base_url}/api/v1") as client:
        who = {"login": "admin", "password": ADMIN_PASSWORD}
        token = client.post("/auth/login", json=who).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        person = client.post("/users", json={"name": "made-up", "password": "pw"}).json()["id"]
        other = client.post("/projects", json={"name": "Made up"}).json()["id"]
    dsn = urlsplit(site.create_project("Shop"))
    api_key = site.run_command("create_api_key").splitlines()[-1]
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        CONFIG.format(
            project=dsn.path.lstrip("/"), public_key=dsn.username, person=person, other=other
        )
    )
    headers = {
        "Authorization": f"Bearer {token}",
        "X-API-Key": api_key,
        "X-Sentry-Auth": f"Sentry sentry_version=7, sentry_key={dsn.username}",
    }
    done = fuzz(site, config, headers)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Traceback" not in site.log_path.read_text()


def fuzz(site: Site, config: Path, headers: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run schemathesis as the program that it is, in a folder of its own."""
    said = [argument for header in headers.items() for argument in ("-H", ": ".join(header))]
    program = str(Path(sys.executable).with_name("st"))
    command = [program, "--config-file", str(config), "run", f"{site.base_url}/openapi.json"]
    bounds = ["--max-time", str(BUDGET_S), "--max-examples", "5", "--seed", "2026", "-w", "2"]
    phases = ["--phases", "examples,coverage,fuzzing", "--checks", "not_a_server_error"]
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "tests.started.schemathesis_hooks",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [*command, *said, *bounds, *phases, "--no-color"],
        cwd=config.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=BUDGET_S + 60,
    )
