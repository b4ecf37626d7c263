"""What a script can tell from the exit code alone."""

from enum import IntEnum

from catchall_client.errors import NotSignedIn, Unreachable


class ExitCode(IntEnum):
    """Documented in README.md and in `catchall --help`."""

    OK = 0
    # The site answered, and the answer is no: not found, not allowed, not valid.
    REFUSED = 1
    # argparse's own number for a command line that it does not understand.
    USAGE = 2
    # Nobody answers, or the site is failing, overloaded or no Catchall site.
    UNREACHABLE = 3
    NOT_SIGNED_IN = 4
    # As shells have it: 128 and the number of SIGINT.
    INTERRUPTED = 130


def exit_code_of(error: Exception) -> ExitCode:
    """The code for a failure of the library; ValueError is a wrong address."""
    if isinstance(error, NotSignedIn):
        return ExitCode.NOT_SIGNED_IN
    if isinstance(error, Unreachable):
        return ExitCode.UNREACHABLE
    return ExitCode.USAGE if isinstance(error, ValueError) else ExitCode.REFUSED
