"""Remove what the retention policies let go; beside a running site, and as often as one likes."""

import json
import signal
import sys
from collections.abc import Mapping
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from config.housekeeping import count_others, remove_others
from errors.services.pace import SHARE, Pace, stopping
from errors.services.retention import (
    Reason,
    Report,
    RetentionBusyError,
    enforce_retention,
    preview_retention,
)
from projects.models import Project


class Command(BaseCommand):
    help = (
        "Remove events, resolved issues and what else is beyond its retention, in small steps. "
        "Safe to stop and to repeat; counts of issues stay exact."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="this project alone")
        parser.add_argument("--dry-run", action="store_true", help="count only; change nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object")
        parser.add_argument(
            "--fast", action="store_true", help="no rests between steps: ingestion will feel it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project_id = _find_project(options["project"])
        is_dry = options["dry_run"]
        report = preview_retention(now=timezone.now(), project_id=project_id)
        others = count_others(now=timezone.now()) if project_id is None else {}
        if not is_dry:
            _stop_between_steps()
            pace = Pace(share=1.0 if options["fast"] else SHARE)
            report = self._enforce(project_id, pace, report.event_total)
            if project_id is None and report.is_complete:
                others, report.is_complete = remove_others(now=timezone.now(), pace=pace)
        self._tell(report, others, is_dry=is_dry, as_json=options["json"])

    def _enforce(self, project_id: int | None, pace: Pace, total: int) -> Report:
        with tqdm(total=total, unit=" rows", file=sys.stderr, disable=None) as bar:
            try:
                return enforce_retention(
                    now=timezone.now(), project_id=project_id, pace=pace, on_progress=bar.update
                )
            except RetentionBusyError as error:
                raise CommandError(
                    "Another run is under way, and this one removed nothing: "
                    "the site does the same by itself every hour."
                ) from error

    def _tell(
        self, report: Report, others: Mapping[str, int], *, is_dry: bool, as_json: bool
    ) -> None:
        rows = {
            **{f"events {reason}": report.events[reason] for reason in Reason},
            "issues resolved long ago": report.issues,
            "items other than events": report.items,
            "ids of events": report.seen_ids,
            **others,
        }
        if as_json:
            removed = {"events": {each.name.lower(): report.events[each] for each in Reason}}
            told = {"dry_run": is_dry, "complete": report.is_complete, **removed}
            rest = {"issues": report.issues, "items": report.items, "seen_ids": report.seen_ids}
            self.stdout.write(json.dumps(told | rest | dict(others)))
            return
        self.stdout.write("Would go:" if is_dry else "Went:")
        for name, count in rows.items():
            self.stdout.write(f"  {name:<40} {count:>12,}")
        if not report.is_complete:
            self.stdout.write("Stopped before the end; the next run goes on from here.")


def _stop_between_steps() -> None:
    """The first signal waits for the step in hand; the next one ends it in the middle."""

    def stop(number: int, frame: object) -> None:
        stopping.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _find_project(slug: str | None) -> int | None:
    if slug is None:
        return None
    found = Project.objects.active().filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no project {slug}.")
    return found
