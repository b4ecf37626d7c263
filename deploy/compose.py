"""Reads docker-compose.yml as far as processes on one host need it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<how>:?[-?])(?P<text>[^}]*))?\}")


class ComposeError(Exception):
    """A variable that must be set is not; the text names it."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its command, its part of the environment, and the time it has to stop."""

    name: str
    command: list[str]
    environment: dict[str, str]
    grace_s: int


def read_services(path: Path, variables: Mapping[str, str]) -> dict[str, Service]:
    """The services of the file by name, with these variables filled in. Raises ComposeError."""
    described: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text())["services"]
    return {name: _service(name, one, variables) for name, one in described.items()}


def fill_in(text: str, variables: Mapping[str, str]) -> str:
    """The text with ${NAME}, ${NAME-default}, ${NAME:-default} and ${NAME:?error} filled in.

    Source: the Compose specification, section Interpolation; no nesting.
    """

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name, how, default = found["name"], found["how"] or "-", found["text"] or ""
        given = variables.get(name)
        if given or (given is not None and not how.startswith(":")):
            return given
        if how.endswith("?"):
            raise ComposeError(f"{name}: {default}")
        return default

    return _VARIABLE.sub(value, text)


def _service(name: str, described: Mapping[str, Any], variables: Mapping[str, str]) -> Service:
    return Service(
        name,
        [fill_in(word, variables) for word in described.get("command", ())],
        {
            key: fill_in(str(value), variables)
            for key, value in described.get("environment", {}).items()
        },
        int(described.get("stop_grace_period", "10s").removesuffix("s")),
    )
