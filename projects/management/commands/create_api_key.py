"""Make or import a native API key from the terminal."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import first_administrator
from projects.models import Project
from projects.native_key_services import create_native_key, import_native_key
from projects.services import ProjectError, create_project

MAX_NAME = 100


class Command(BaseCommand):
    help = (
        "Make an API key of a project, or without one of the whole site, and print it alone on "
        "the last line: it is shown only now. The same given key again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "project",
            nargs="?",
            type=_name,
            help="The project's name; one that is not there is made.",
        )
        parser.add_argument("--key", metavar="VALUE", help="Import this key that clients have.")
        parser.add_argument(
            "--label", type=_name, default="Command line", help="What the key is called."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = self._find_project(options["project"])
        try:
            if options["key"] is not None:
                import_native_key(project=project, label=options["label"], text=options["key"])
                text = options["key"]
            else:
                _, text = create_native_key(project=project, label=options["label"])
        except ProjectError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text)

    def _find_project(self, name: str | None) -> Project | None:
        if name is None:
            return None
        project = Project.objects.active().filter(name=name).first()
        if project is None:
            project = create_project(name=name, platform="other", owner=first_administrator())
            self.stdout.write(f"Made the project {project.name}.")
        return project


def _name(text: str) -> str:
    """An argument that fits a name's column."""
    if not 1 <= len(text) <= MAX_NAME:
        raise ArgumentTypeError(f"it has 1 to {MAX_NAME} characters")
    return text
