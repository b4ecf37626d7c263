"""Options that are settings: they must be in the environment before any setting is read."""

from argparse import ArgumentError, ArgumentParser
from collections.abc import MutableMapping, Sequence

OPTIONS = {"--host": "HOST", "--port": "PORT"}


def take_address(arguments: Sequence[str], environment: MutableMapping[str, str]) -> None:
    """Put the --host and --port of `manage.py up` into the environment, as HOST and PORT.

    SITE_URL follows PORT, and with it every DSN, the hosts that are answered, the origins of forms.
    What cannot be read is left to the command, which says so.
    """
    if list(arguments[1:2]) != ["up"]:
        return
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option, name in OPTIONS.items():
        parser.add_argument(option, dest=name)
    try:
        given, _ = parser.parse_known_args(list(arguments[2:]))
    except ArgumentError:
        return
    environment.update({name: value for name, value in vars(given).items() if value})
