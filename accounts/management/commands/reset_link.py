"""Print a link that resets a password, for sites that send no mail."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import find_user, make_reset_link


class Command(BaseCommand):
    help = "Print a link with which one person sets a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The person's name or email.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_user(options["name"])
        if user is None:
            raise CommandError(f"There is no active person called {options['name']}.")
        minutes = settings.PASSWORD_RESET_TIMEOUT // 60
        self.stdout.write(f"For {user.name}, valid once and for {minutes} minutes:")
        self.stdout.write(make_reset_link(user))
