#!/usr/bin/env python
"""Run Django's management commands with this project's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import Error as DatabaseError

from config.command_line import take_address


def main() -> None:
    """Run the command; a bad setting, or a database that is away, is one line, no traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    take_address(sys.argv, os.environ)
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Cannot start: {error}")
    except DatabaseError:
        # Not before: it needs the settings.
        from config.database_state import database_problem  # noqa: PLC0415

        problem = database_problem()
        if problem is None:
            raise
        sys.exit(problem.sentence)


if __name__ == "__main__":
    main()
