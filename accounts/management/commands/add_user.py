"""Make an account from the terminal."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.people import PersonError, create_person


class Command(BaseCommand):
    help = "Make an account. Without --password it is asked for, or read from a pipe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Unique; used to sign in.")
        parser.add_argument("--password", help="Seen by whoever lists this machine's processes.")
        parser.add_argument("--email", default="")
        parser.add_argument("--admin", action="store_true", help="May do everything.")

    def handle(self, *args: Any, **options: Any) -> None:
        name, email, password = options["name"], options["email"], options["password"]
        if password is None:
            password = _ask_password()
        try:
            validate_password(password, User(name=name, email=email))
            user = create_person(
                name=name, password=password, email=email, is_administrator=options["admin"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PersonError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.name} can sign in.")


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    try:
        first = getpass.getpass("Password: ")
        again = getpass.getpass("Password, once more: ")
    except (EOFError, KeyboardInterrupt) as error:
        raise CommandError("No password was given.") from error
    if first != again:
        raise CommandError("The two passwords differ.")
    return first
