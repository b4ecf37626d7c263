"""The command line, as argparse knows it."""

import argparse
from collections.abc import Sequence

from catchall_client.command import events, projects, session, users
from catchall_client.command.grammar import Commands

EPILOG = """exit codes:
  0  done
  1  the site says no: not found, not allowed, not valid
  2  the command line is wrong
  3  the site cannot be reached, or is failing or overloaded
  4  nobody is signed in, or the name and password do not belong together

A password that is not given is asked for; without a terminal it is the first line of standard
input. CATCHALL_URL names the site where --url does not; else it is the one signed in to last.
CATCHALL_TOKEN is an API token for the site of CATCHALL_URL, in place of a sign-in.
"""


def read_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The words as `url`, `json`, the action as `run`, and what it takes; ends with 2 if wrong."""
    return _parser().parse_args(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="catchall",
        description="People, projects and events of a Catchall site.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common(url=None, json=False)],
        allow_abbrev=False,
    )
    # After the subcommand too, where they must not undo what stood before it.
    late = _common(url=argparse.SUPPRESS, json=argparse.SUPPRESS)
    commands = Commands(parser.add_subparsers(metavar="COMMAND", required=True), late)
    for part in (session, users, projects, events):
        part.add_to(commands)
    return parser


def _common(*, url: str | None, json: str | bool) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--url", default=url, help="the site's address")
    options.add_argument("--json", action="store_true", default=json, help="print JSON")
    return options
