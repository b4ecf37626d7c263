"""Start one kind of the site's processes, as docker-compose.yml does."""

from typing import Any

import structlog
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import connections

from accounts.signing import OTHER_KEY, has_other_key
from config.database_state import DatabaseFault, database_problem

log = structlog.get_logger(__name__)

KINDS = ("ingest", "web", "worker", "maintenance", "beat")


class Command(BaseCommand):
    help = "Serve as one of the site's processes until SIGTERM; HOST and PORT say where it listens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=KINDS)

    def handle(self, *args: Any, kind: str, **options: Any) -> None:
        problem = database_problem()
        if problem and problem.fault not in (DatabaseFault.AWAY, DatabaseFault.READ_ONLY):
            raise CommandError(problem.sentence)
        if problem:
            # Serves all the same: what needs the database tries again until it is there.
            log.warning("serve.database_away", error=problem.sentence)
        elif has_other_key():
            log.error("serve.other_secret_key", error=OTHER_KEY)
        leave_database()
        run(kind)


def leave_database() -> None:
    """Close every connection, pooled ones and their pools, too.

    A forked process would share the pool's socket with its siblings, and could never make another
    connection: it has not the pool's threads.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def run(kind: str) -> None:
    """Serve as this kind until told to stop; each imports only what it needs."""
    # ruff: noqa: PLC0415
    if kind == "ingest":
        from config.production.ingest import serve_ingest as serve
    elif kind == "web":
        from config.production.web import serve_web as serve
    elif kind == "worker":
        from config.production.worker import serve_worker as serve
    elif kind == "maintenance":
        from config.production.worker import serve_maintenance as serve
    else:
        from config.production.beat import serve_beat as serve
    serve()
