"""Fill the site with a believable week, so that a stranger sees what Catchall is like."""

import sys
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone
from tqdm import tqdm

from accounts.models import User
from config.demo.projects import find_demo, remove_demo
from config.demo.seed import Week, count_events, seed_week
from errors.models import Issue

# Stories worth a look first, and why.
HIGHLIGHTS = (
    ("cart-without-currency", "a spike after release 5.19.0"),
    ("no-address", "resolved, and back with 5.19.0"),
    ("payment-unavailable", "three chained exceptions"),
    ("stock-of-several-lines", "an exception group"),
    ("line-without-product", "one error in three browsers' words"),
)


class Command(BaseCommand):
    help = (
        "Make three projects with a believable week of errors: an API, its web pages and a "
        "billing worker. Nothing else on the site is touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="remove the demo that is there, and make it anew"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        owners = list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk"))
        if not owners:
            raise CommandError("There is no administrator yet: start the site once (make run).")
        if find_demo().exists():
            if not options["again"]:
                raise CommandError(
                    "The demo is there already; --again removes it and makes it anew."
                )
            remove_demo(by=owners[0], now=now)
        total = count_events(now)
        with tqdm(total=total, unit=" events", file=sys.stderr, disable=None) as bar:
            week = seed_week(now=now, owners=owners, on_progress=bar.update)
        self._tell(week, total)

    def _tell(self, week: Week, total: int) -> None:
        issues = Issue.objects.in_bulk(set(week.issues.values()))
        self.stdout.write(
            f"{total} events in {len(issues)} issues of {len(week.keys)} projects. Look at "
            + urljoin(settings.SITE_URL, reverse("issue_list"))
        )
        for story, reason in HIGHLIGHTS:
            issue = issues[week.issues[story]]
            address = reverse("issue", args=[issue.project.slug, issue.number])
            self.stdout.write(f"  {urljoin(settings.SITE_URL, address)}  {reason}")
