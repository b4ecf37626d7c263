"""Every test run has a data folder of its own, made before the settings are read."""

import os
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings

# Removed when the run ends and this object goes.
_data_dir = tempfile.TemporaryDirectory(prefix="catchall-tests-", ignore_cleanup_errors=True)
os.environ["DATA_DIR"] = _data_dir.name
# Where collected static files would be: the middleware that serves them warns without it.
Path(_data_dir.name, "static").mkdir()
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("DEBUG", "on")
# Here and not in pyproject.toml: from there the settings are read before this file.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
# Real password hashes cost a third of a second each, by design.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Apps must be ready before their modules are imported.
from projects.attempts import attempts  # noqa: E402
from projects.limits import set_limiter  # noqa: E402
from projects.native_auth import known_native_keys  # noqa: E402
from projects.statistics import tally  # noqa: E402

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that it can run again on another one."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")


@pytest.fixture(autouse=True)
def _no_statistics_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests refuse is not written into the next one's database."""
    tally.start_anew()
    monkeypatch.setattr(tally, "_start", lambda: None)


@pytest.fixture(autouse=True)
def _nothing_is_remembered_of_keys() -> None:
    """Each test has a database of its own, and one address that may fail so often."""
    known_native_keys.clear()
    attempts.clear()
    set_limiter(None)
