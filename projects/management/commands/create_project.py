"""Make a project from the terminal, for scripts and first steps."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import find_user, first_administrator
from projects.models import PLATFORMS, Project, ProjectKey
from projects.services import ProjectError, check_public_key, create_project, keep_key


class Command(BaseCommand):
    help = (
        "Make a project. A project of this name that exists already is kept: with --print-dsn "
        "its DSN is printed, so that a script can run twice; without, the command fails. A key "
        "that is given is taken over, and its DSN the one that is printed."
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
            "--key",
            metavar="VALUE",
            help="Keep the public key of a DSN that clients have: 32 lower-case hex digits.",
        )
        parser.add_argument(
            "--print-dsn", action="store_true", help="Print the DSN alone on the last line."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.active().filter(name=options["name"]).first()
        _check_key(options["key"], project)
        if project is None:
            owner = _find_owner(options["owner"])
            project = create_project(
                name=options["name"],
                platform=options["platform"],
                owner=owner,
                public_key=options["key"],
            )
            self.stdout.write(f"{project.name}: {settings.SITE_URL}/projects/{project.slug}/setup/")
        elif not (options["print_dsn"] or options["key"]):
            raise CommandError(
                f"A project called {project.name} exists already. --print-dsn prints its DSN."
            )
        key = keep_key(project=project, public_key=options["key"]) if options["key"] else None
        if options["print_dsn"]:
            self.stdout.write((key or _first_active_key(project)).dsn)


def _check_key(public_key: str | None, project: Project | None) -> None:
    """Before anything is made. Raises CommandError."""
    if public_key is None:
        return
    try:
        check_public_key(public_key, project)
    except ProjectError as error:
        raise CommandError(str(error)) from error


def _find_owner(name: str | None) -> User | None:
    if name is None:
        return first_administrator()
    user = find_user(name)
    if user is None:
        raise CommandError(f"There is no active person called {name}.")
    return user


def _first_active_key(project: Project) -> ProjectKey:
    key = project.keys.filter(revoked_at=None).first()
    if key is None:
        raise CommandError(f"Every key of {project.name} is revoked.")
    return key
