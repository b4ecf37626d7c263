"""Words that the subcommands share."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catchall_client.client import Client

# The parsed words and the site to what `output.write_answer` prints.
Action = Callable[[Client, argparse.Namespace], Any]


@dataclass(frozen=True, slots=True)
class Commands:
    """Adds subcommands that all take the common options."""

    groups: "argparse._SubParsersAction[argparse.ArgumentParser]"
    common: argparse.ArgumentParser

    def group(self, name: str, help: str) -> "Commands":
        """A word that further words follow, as in `user list`."""
        parser = self.groups.add_parser(name, help=help, allow_abbrev=False)
        return Commands(parser.add_subparsers(metavar="ACTION", required=True), self.common)

    def add(
        self, name: str, run: Action, help: str, *, columns: tuple[str, ...] = ()
    ) -> argparse.ArgumentParser:
        """A word that does something; `columns` are those of its table."""
        parser = self.groups.add_parser(
            name, help=help, description=help, parents=[self.common], allow_abbrev=False
        )
        parser.set_defaults(run=run, columns=columns)
        return parser
