"""docker-compose.yml as processes of one host: variables filled in, nothing left out."""

import re
from itertools import chain
from pathlib import Path

import pytest

from config import settings as _all_settings_are_read
from config.settings.environment import DEFAULTS
from deploy.compose import ComposeError, fill_in, read_services
from deploy.run import COMPOSE_FILE, FIRST, GIVEN, STOP_ORDER, CannotStart, choose, host_environment
from deploy.service import ROOT

GIVEN_SERVERS = {"DATABASE_URL": "postgres://db/catchall", "REDIS_URL": "redis://cache:6379/0"}
VARIABLE = re.compile(r"\$\{(\w+)")


@pytest.mark.parametrize(
    ("text", "variables", "filled"),
    [
        ("plain", {}, "plain"),
        ("${A}", {"A": "1"}, "1"),
        ("${A}", {}, ""),
        ("${A:-2}", {"A": "1"}, "1"),
        ("${A:-2}", {"A": ""}, "2"),
        ("${A-2}", {"A": ""}, ""),
        ("${A-2}", {}, "2"),
        ("${A:-:80}", {}, ":80"),
        ("a ${A}/${B:-b} $$C", {"A": "1"}, "a 1/b $C"),
    ],
)
def test_variables_are_filled_in(text: str, variables: dict[str, str], filled: str) -> None:
    assert fill_in(text, variables) == filled


def test_a_variable_that_must_be_set_is_named() -> None:
    with pytest.raises(ComposeError, match="SITE_URL: set it"):
        fill_in("${SITE_URL:?set it}", {"SITE_URL": ""})


def test_every_service_but_the_given_servers_is_run_and_stopped() -> None:
    services = read_services(COMPOSE_FILE, host_environment(GIVEN_SERVERS))
    assert set(services) == {FIRST, *GIVEN, *chain(*STOP_ORDER)}
    assert set(choose(services, [])) >= {FIRST, "ingest", "web", "worker", "beat"}
    assert set(choose(services, ["worker"])) == {"worker"}
    with pytest.raises(CannotStart, match="No such service: postgres"):
        choose(services, ["postgres"])


def test_processes_of_one_host_share_one_address_and_one_folder(tmp_path: Path) -> None:
    given = {**GIVEN_SERVERS, "PORT": "9000", "DATA_DIR": str(tmp_path)}
    services = read_services(COMPOSE_FILE, host_environment(given))
    ingest, web = (services[name].environment for name in ("ingest", "web"))
    assert {ingest["SITE_URL"], web["SITE_URL"]} == {"http://127.0.0.1:9000"}
    assert {ingest["HOST"], web["HOST"]} == {"127.0.0.1"}
    assert ingest["PORT"] != web["PORT"]
    assert ingest["DATA_DIR"] == str(tmp_path)
    # Containers have these as files; here they come as they are given.
    assert (ingest["SECRET_KEY_FILE"], ingest["DATABASE_PASSWORD_FILE"]) == ("", "")
    assert services["proxy"].environment["INGEST_UPSTREAMS"] == f"127.0.0.1:{ingest['PORT']}"


def test_containers_have_their_secrets_as_files_and_no_default_password() -> None:
    services = read_services(COMPOSE_FILE, {"SITE_URL": "https://errors.example.com"})
    web = services["web"].environment
    assert web["SECRET_KEY_FILE"].startswith("/run/secrets/")
    assert web["DATABASE_PASSWORD_FILE"].startswith("/run/secrets/")
    assert web["DATABASE_URL"] == ""


def test_redis_keeps_everything_on_disk() -> None:
    program, *options = read_services(COMPOSE_FILE, {"SITE_URL": "http://a"})["redis"].command
    assert program == "redis-server"
    assert dict(zip(options[::2], options[1::2], strict=True)) == {
        "--save": "",
        "--appendonly": "yes",
        "--appendfsync": "always",
        "--maxmemory-policy": "noeviction",
    }


def test_the_example_names_only_what_something_reads() -> None:
    assert _all_settings_are_read
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    read = set(DEFAULTS) | set(VARIABLE.findall(COMPOSE_FILE.read_text()))
    assert named <= read
    assert "SITE_URL" in named


def test_the_proxys_variables_are_those_of_its_service() -> None:
    services = read_services(COMPOSE_FILE, {"SITE_URL": "http://a"})
    used = set(re.findall(r"\{\$(\w+)", (ROOT / "deploy" / "Caddyfile").read_text()))
    assert used == set(services["proxy"].environment)
