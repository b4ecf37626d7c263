"""What must be there before the site serves; each step costs next to nothing when it is."""

import fcntl
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.services import ensure_first_administrator
from accounts.signing import remember_signing_key
from config.schedules import ensure_schedules
from projects.imported_keys import import_keys

# Static files that no page of ours asks for; compressing them all takes longer than the rest.
UNSERVED = (
    "account",
    "django_htmx",
    "gis",
    "rest_framework",
    "admin/js/vendor/select2/i18n/[!e]*",
    # The admin loads their minified copies.
    "admin/js/vendor/jquery/jquery.js",
    "admin/js/vendor/select2/select2.full.js",
    "admin/js/vendor/xregexp/xregexp.js",
    "drf_spectacular_sidecar/*.map",
    "drf_spectacular_sidecar/swagger-ui-dist/favicon*",
    "drf_spectacular_sidecar/swagger-ui-dist/oauth2-redirect*",
    "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-standalone-preset*",
)


def prepare_site(tell: Callable[[str], object]) -> None:
    """Bring everything up to date, telling what was done. Raises OperationalError."""
    if migrate():
        tell("Brought the database up to date.")
    if collect_static():
        tell("Gathered the static files.")
    if remember_signing_key():
        tell("Noted a new SECRET_KEY: everybody signs in anew, and every host needs this one.")
    ensure_schedules()
    for line in import_keys(settings.IMPORTED_API_KEYS, timezone.now()):
        tell(line)
    if settings.VARIABLES_WITHOUT_USE:
        tell(f"Set, and without a use yet: {', '.join(settings.VARIABLES_WITHOUT_USE)}.")
    administrator = ensure_first_administrator()
    if administrator:
        tell(f"Made the first administrator: {administrator.name}")
    if administrator and administrator.one_time_password:
        tell(f"  one-time password: {administrator.one_time_password}")
        tell("  It is shown only now; the first sign-in asks for another one.")


def lock_data_dir() -> TextIO:
    """Take the data folder for this process, for as long as the returned file is open."""
    lock = (settings.DATA_DIR / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise CommandError(
            f"Catchall runs on this data folder already ({settings.DATA_DIR})."
            " Stop it, or set DATA_DIR to another folder."
        ) from error
    return lock


def migrate() -> bool:
    """Bring the database up to date; tell whether there was anything to do."""
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


def collect_static() -> bool:
    """Gather, hash and compress static files when one has changed; tell whether so."""
    if settings.DEBUG:
        return False
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = _static_fingerprint()
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return False
    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=[*UNSERVED]
    )
    stamp.write_text(fingerprint)
    return True


def _static_fingerprint() -> str:
    """A hash over the names, sizes and times of all static files, and where they will lie."""
    found = hashlib.sha256(settings.STATIC_URL.encode())
    for finder in get_finders():
        for name, storage in finder.list([*UNSERVED]):
            stat = Path(storage.path(name)).stat()
            found.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
