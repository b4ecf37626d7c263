"""Start the site: pages, ingestion, worker and schedules in one process."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import autoreload

from config.checks import is_loopback
from config.prepare import lock_data_dir, prepare_site
from config.web_server import listen


class Command(BaseCommand):
    help = (
        "Bring everything up to date and serve until Ctrl-C: pages, ingestion, worker and "
        "schedules in one process, with all data in DATA_DIR."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="instead of HOST")
        parser.add_argument("--port", type=int, default=settings.PORT, help="instead of PORT")
        parser.add_argument(
            "--reload", action="store_true", help="start again when code changes (development)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reload"]:
            autoreload.run_with_reloader(self.run, options["host"], options["port"])
        else:
            self.run(options["host"], options["port"])

    def run(self, host: str, port: int) -> None:
        """Prepare and serve; returns when the site was told to stop."""
        # The port first: a one-time password must not be made by a start that then fails.
        with lock_data_dir(), listen(host, port) as listener:
            self.prepare()
            # Late: it builds the whole application, which needs the migrated database.
            from config.embedded.process import serve  # noqa: PLC0415

            serve(listener, announce=lambda: self.announce(host, port))
        self.stdout.write("Stopped.")

    def prepare(self) -> None:
        try:
            prepare_site(self.stdout.write)
        except OperationalError as error:
            raise CommandError(f"The database of DATABASE_URL cannot be used: {error}") from error

    def announce(self, host: str, port: int) -> None:
        self.stdout.write(f"Catchall serves {settings.SITE_URL}")
        self.stdout.write(f"  listening on {host}, port {port}")
        self.stdout.write(f"  data in {settings.DATA_DIR}")
        if is_loopback(settings.SITE_HOST) and not is_loopback(host):
            self.stdout.write("  others are refused until SITE_URL is the address that they use")
        self.stdout.write("  Ctrl-C stops it")
        self.stdout.flush()
