"""Make a project from the terminal, for scripts and first steps."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import find_user
from projects.models import PLATFORMS, Project, ProjectKey
from projects.services import create_project


class Command(BaseCommand):
    help = (
        "Make a project. A project of this name that exists already is kept: with --print-dsn "
        "its DSN is printed, so that a script can run twice; without, the command fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="What the project is called.")
        parser.add_argument(
            "--platform",
            choices=[value for value, _ in PLATFORMS],
            default="other",
            help="Chooses the set-up instructions.",
        )
        parser.add_argument(
            "--owner", metavar="NAME", help="Who owns it; else the first administrator."
        )
        parser.add_argument(
            "--print-dsn", action="store_true", help="Print the DSN alone on the last line."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.active().filter(name=options["name"]).first()
        if project is None:
            owner = _find_owner(options["owner"])
            project = create_project(
                name=options["name"], platform=options["platform"], owner=owner
            )
            self.stdout.write(f"{project.name}: {settings.SITE_URL}/projects/{project.slug}/setup/")
        elif not options["print_dsn"]:
            raise CommandError(
                f"A project called {project.name} exists already. --print-dsn prints its DSN."
            )
        if options["print_dsn"]:
            self.stdout.write(_first_active_key(project).dsn)


def _find_owner(name: str | None) -> User | None:
    if name is None:
        return User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    user = find_user(name)
    if user is None:
        raise CommandError(f"There is no active person called {name}.")
    return user


def _first_active_key(project: Project) -> ProjectKey:
    key = project.keys.filter(revoked_at=None).first()
    if key is None:
        raise CommandError(f"Every key of {project.name} is revoked.")
    return key
