"""Send a test event through the same door as every application's."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from ingest.errors import IngestError
from ingest.sample_event import send_test_event
from projects.models import Project


class Command(BaseCommand):
    help = "Send a believable test event to a project, and print its event id on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--project", metavar="SLUG", help="needed where there is more than one project"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = _find_project(options["project"])
        try:
            event_id = send_test_event(project)
        except IngestError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"Sent. {settings.SITE_URL}/projects/{project.slug}/issues/ shows it")
        self.stdout.write("within seconds while the site runs, else after its next start.")
        self.stdout.write(event_id)


def _find_project(slug: str | None) -> Project:
    projects = list(Project.objects.active())
    chosen = projects if slug is None else [each for each in projects if each.slug == slug]
    if len(chosen) == 1:
        return chosen[0]
    if not projects:
        raise CommandError("There is no project yet: manage.py create_project NAME makes one.")
    names = ", ".join(each.slug for each in projects)
    raise CommandError(f"Say which project with --project: {names}.")
