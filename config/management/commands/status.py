"""The site in numbers, for people and for monitoring; works beside a running site."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from common.wording import describe_size
from ingest.inbox.base import InboxUnavailable
from ingest.overview import SiteNumbers, site_numbers


class Command(BaseCommand):
    help = (
        "Tell what waits in the inbox, what is stored, what was set aside, and the disk it takes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="one JSON object; seconds and bytes as named"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            numbers = site_numbers()
        except InboxUnavailable as error:
            raise CommandError(f"The inbox cannot be read: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(numbers)))
        else:
            self._tell(numbers)

    def _tell(self, numbers: SiteNumbers) -> None:
        waiting = f"{numbers.inbox_depth:,} ({describe_size(numbers.inbox_bytes)})"
        if numbers.inbox_depth:
            waiting += f", the oldest for {numbers.inbox_oldest_s:.0f} s"
        for name, value in (
            ("waiting in the inbox", waiting),
            ("events", f"{numbers.events:,}"),
            ("issues", f"{numbers.issues:,}"),
            ("set aside in quarantine", f"{numbers.quarantined:,}"),
            ("on disk", describe_size(numbers.disk_bytes)),
        ):
            self.stdout.write(f"{name:<24} {value}")
        for fault in numbers.inbox_faults:
            self.stdout.write(fault)
