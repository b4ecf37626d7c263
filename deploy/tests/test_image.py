"""What gets into the container image: the site's code, and nothing else that lies in the clone."""

import ast
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest
import yaml

from deploy.run import COMPOSE_FILE
from deploy.service import ROOT

RULES = [
    line
    for line in (ROOT / ".dockerignore").read_text().splitlines()
    if line and not line.startswith("#")
]
KEPT = [rule.removeprefix("!") for rule in RULES if rule.startswith("!")]


def is_in_image(path: str) -> bool:
    """Whether the clone's file gets in: the last rule that fits it, or a folder above it, decides.

    Source: Docker, "Build context", section .dockerignore files; of its patterns NAME and **/NAME.
    """
    parts = PurePosixPath(path).parts
    is_kept = True
    for rule in RULES:
        pattern = rule.removeprefix("!")
        places = parts if pattern.startswith("**/") else parts[:1]
        if any(fnmatch(place, pattern.removeprefix("**/")) for place in places):
            is_kept = rule.startswith("!")
    return is_kept


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_the_rules_are_of_the_kinds_that_are_understood_here() -> None:
    assert all("/" not in rule.removeprefix("!").removeprefix("**/") for rule in RULES)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        ".venv/bin/python",
        "catchall.dump",
        "data/secret_key",
        "secrets/secret_key",
        "errors/.env",
        "errors/tests/test_grouping.py",
        "notes.txt",
        "tests/server.py",
    ],
)
def test_what_else_lies_in_the_clone_stays_out(path: str) -> None:
    assert not is_in_image(path)


def test_all_of_the_sites_packages_are_in() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = [*project["tool"]["importlinter"]["root_packages"], "deploy"]
    assert all(is_in_image(f"{package}/__init__.py") for package in packages)
    assert is_in_image("manage.py")
    assert is_in_image("requirements/base.txt")


def test_what_is_in_imports_nothing_that_stays_out() -> None:
    files = [path for name in KEPT for path in [ROOT / name, *(ROOT / name).rglob("*.py")]]
    sources = {
        path
        for path in files
        if path.suffix == ".py" and is_in_image(path.relative_to(ROOT).as_posix())
    }
    assert len(sources) > len(KEPT)
    missing = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources
        for name in imported_by(path)
        if (ROOT / name.split(".")[0]).exists() and not is_in_image(name.replace(".", "/"))
    }
    assert not missing


def test_one_service_builds_the_image_of_all_and_nobody_asks_a_registry_for_it() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    ours = {name: one for name, one in services.items() if one["image"].startswith("catchall:")}
    assert [name for name, one in ours.items() if "build" in one] == ["prepare"]
    assert {one["pull_policy"] for one in ours.values()} == {"never"}


def test_the_proxy_stays_while_others_are_made_anew() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    assert "depends_on" not in services["proxy"]
