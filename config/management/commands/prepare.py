"""Bring a production site up to date before its processes start."""

import time
from itertools import chain, repeat
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import OperationalError

from config.database_state import DatabaseFault, database_problem
from config.prepare import prepare_site

# Seconds between attempts; the last one repeats.
PAUSES_S = (1, 1, 2, 3, 5, 10)


class Command(BaseCommand):
    help = (
        "Wait for the database, migrate it, gather static files, seed schedules and the first "
        "administrator; then end."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            problem = database_problem()
            if problem and problem.fault is DatabaseFault.REFUSED:
                raise CommandError(problem.sentence)
            if problem is None or problem.fault is DatabaseFault.UNMIGRATED:
                break
            self.tell(f"{problem.sentence}; trying again in {pause_s} s")
            time.sleep(pause_s)
        try:
            prepare_site(self.tell)
        except OperationalError as error:
            raise CommandError(f"The database of DATABASE_URL went away: {error}") from error
        self.tell("Ready.")

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
