"""The command `catchall`: the library's calls, for people and for scripts."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from catchall_client.client import Client
from catchall_client.command.arguments import read_arguments
from catchall_client.command.exit_codes import ExitCode, exit_code_of
from catchall_client.command.output import clean, write_answer
from catchall_client.errors import CatchallError, NotSignedIn
from catchall_client.tokens import TokenFile, default_path, last_site

LOCAL_SITE = "http://127.0.0.1:8000"


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code (`exit_codes.py`)."""
    arguments = read_arguments(words)
    try:
        _run(arguments)
    except BrokenPipeError:
        return _leave_pipe()
    except (CatchallError, ValueError, OSError) as error:
        return _fail(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return ExitCode.OK


def _run(arguments: Namespace) -> None:
    answer = arguments.run(_client(arguments.url), arguments)
    write_answer(answer, columns=arguments.columns, as_json=arguments.json)
    sys.stdout.flush()


def _client(url: str | None) -> Client:
    """The site that is named, else CATCHALL_URL's, else the one signed in to last."""
    path = default_path(os.environ)
    named = os.environ.get("CATCHALL_URL", "").rstrip("/")
    address = (url or named or last_site(path) or LOCAL_SITE).rstrip("/")
    # For the site that stands beside it, and no other.
    token = os.environ.get("CATCHALL_TOKEN") if address == named else None
    return Client(address, store=TokenFile(path, address), api_token=token)


def _fail(error: Exception) -> ExitCode:
    print(f"catchall: {clean(error)}", file=sys.stderr)
    if isinstance(error, NotSignedIn):
        print(_advice(), file=sys.stderr)
    return exit_code_of(error)


def _advice() -> str:
    if os.environ.get("CATCHALL_TOKEN"):
        return (
            "CATCHALL_TOKEN counts for the site of CATCHALL_URL, until it runs out or is revoked."
        )
    return "Sign in with: catchall login"


def _leave_pipe() -> ExitCode:
    """Whoever read our output has enough; nothing more is written at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.OK
