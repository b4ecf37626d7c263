"""Fill a fresh site with as much as years would leave, to see plans and page times at that size."""

import random
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from accounts.models import User
from config.demo.services import SERVICES
from config.fill.counts import write_counts
from config.fill.events import write_events
from config.fill.places import make_places
from config.fill.plan import plan_keys
from config.fill.scene import Scene, set_scene
from errors.models import Event, Issue
from errors.presenters.charts import hour_of

SEED = 2026
MAX_STORIES = max(len(service.stories) for service in SERVICES)


class Command(BaseCommand):
    help = (
        "Fill a fresh site with events that repeat a few hundred samples, and with all that is "
        "counted of them. For measuring only: a fill that was stopped half-way leaves a database "
        "to throw away. Nothing else may write meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--events", type=int, default=1_000_000)
        parser.add_argument("--issues", type=int, default=10_000)
        parser.add_argument("--days", type=int, default=30, help="over which the events spread")
        parser.add_argument("--projects", type=int, default=5)
        parser.add_argument(
            "--beside", action="store_true", help="even where the site holds data already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        owners = list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk")[:1])
        if not owners:
            raise CommandError("There is no administrator yet: start the site once (make run).")
        if not options["beside"] and (Issue.objects.exists() or Event.objects.exists()):
            raise CommandError("The site holds data already; --beside adds to it all the same.")
        if options["issues"] < options["projects"] or options["events"] < options["issues"]:
            raise CommandError("Each project needs an issue, and each issue an event.")
        scene = _prepare(owners, options)
        with tqdm(total=options["events"], unit=" events", file=sys.stderr, disable=None) as bar:
            ledger = write_events(scene, bar.update)
        self.stderr.write("Adding up what is counted")
        write_counts(scene, ledger, user_id=owners[0].pk)
        _analyze()
        self.stdout.write(
            f"{options['events']:,} events in {options['issues']:,} issues of "
            f"{options['projects']} projects."
        )


def _prepare(owners: list[User], options: dict[str, Any]) -> Scene:
    now = timezone.now()
    rng = random.Random(SEED)  # noqa: S311 (no secret)
    hours = options["days"] * 24
    places = make_places(
        options["projects"],
        owners,
        stories=min(MAX_STORIES, options["issues"] // options["projects"]),
        events=options["events"],
        now=now,
        days=options["days"],
    )
    keys = plan_keys(options["events"], options["issues"], hours, rng)
    first_hour = hour_of(now) - hours
    return set_scene(keys, places, first_hour=first_hour, hours=hours, now=now, rng=rng)


def _analyze() -> None:
    """Figures for the planner, as the database gathers them in time; space is left as it is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
