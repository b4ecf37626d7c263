"""Environment files of the replaced systems, read whole: native-apis.md, section 5."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings.environment import BASE_DIR

# Of systems that were one service each; what belongs to parts that are not here yet does no harm.
OLD_FILE = {
    "BASE_URL": "https://errors.example.com",
    "HOST": "0.0.0.0",
    "PORT": "5010",
    "ENV": "development",
    "LOG_LEVEL": "WARNING",
    "DATABASE_USER": "errors",
    "DATABASE_PASSWORD": "p@ss/word",
    "DATABASE_HOST": "db.example.com",
    "DATABASE_PORT": "5433",
    "DATABASE_NAME": "errors",
    "SECRET_KEY": "an-old-secret-of-a-site-that-moved-here-with-its-settings",
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_EXPIRE_MINUTES": "15",
    "REFRESH_TOKEN_EXPIRE_MINUTES": "1440",
    "API_KEY": "f3a9c0d17b5e4682af01c2d3e4b59687",
    "ERROR_TRACKER_API_KEY": "e1",
    "LOG_VIEWER_API_KEY": "l2",
    "METRICS_COLLECTOR_API_KEY": "m3",
    "ALERT_EMAILS": "ana@example.com, bob@example.com",
    "POSTMARK_API_TOKEN": "postmark-token",
    "POSTMARK_FROM_EMAIL": "errors@example.com",
    "TELEGRAM_TOKEN": "123:abc",
    "RETENTION_DAYS": "90",
    "RETENTION_RAW": "3600",
    "RETENTION_MINUTE": "86400",
    "RETENTION_HOURLY": "2592000",
    "AGGREGATION_INTERVAL": "60",
    "CONTAINERS": "web,worker",
    "LOG_SOURCES": "/var/lib/docker/containers",
    "MAX_ENTRIES": "100000",
    "POLL_INTERVAL": "2",
    "TAIL_BUFFER": "65536",
}
READ = """
import json
from config import settings as read
database = read.DATABASES["default"]
print(json.dumps({
    **{name: getattr(read, name) for name in (
        "SITE_URL", "HOST", "PORT", "ENV", "LOG_LEVEL", "SECRET_KEY", "ALGORITHM",
        "ACCESS_TOKEN_EXPIRE_MINUTES", "REFRESH_TOKEN_EXPIRE_MINUTES", "RETENTION_DAYS",
        "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "DEFAULT_FROM_EMAIL", "IMPORTED_API_KEYS",
        "VARIABLES_WITHOUT_USE",
    )},
    "database": [database[part] for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME")],
}))
"""


def read_settings(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a process of its own makes of these variables alone."""
    return subprocess.run(
        [sys.executable, "-c", READ],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_setting_of_an_old_file_that_has_a_use_is_used(tmp_path: Path) -> None:
    read = json.loads(read_settings(tmp_path, **OLD_FILE).stdout)
    assert read["SITE_URL"] == OLD_FILE["BASE_URL"]
    for name in ("HOST", "ENV", "LOG_LEVEL", "SECRET_KEY", "ALGORITHM"):
        assert read[name] == OLD_FILE[name]
    for name in ("PORT", "ACCESS_TOKEN_EXPIRE_MINUTES", "REFRESH_TOKEN_EXPIRE_MINUTES"):
        assert read[name] == int(OLD_FILE[name])
    assert read["RETENTION_DAYS"] == 90
    assert read["database"] == ["errors", "p@ss/word", "db.example.com", 5433, "errors"]
    assert (read["EMAIL_HOST"], read["EMAIL_HOST_PASSWORD"], read["DEFAULT_FROM_EMAIL"]) == (
        "smtp.postmarkapp.com",
        "postmark-token",
        "errors@example.com",
    )
    assert read["IMPORTED_API_KEYS"] == {
        name: OLD_FILE[name] for name in OLD_FILE if name.endswith("API_KEY")
    }


def test_what_has_no_use_yet_is_named(tmp_path: Path) -> None:
    read = json.loads(read_settings(tmp_path, **OLD_FILE).stdout)
    assert read["VARIABLES_WITHOUT_USE"][:2] == ["ALERT_EMAILS", "TELEGRAM_TOKEN"]
    assert len(read["VARIABLES_WITHOUT_USE"]) == 11


@pytest.mark.parametrize("name", ["ALGORITHM", "ENV", "ACCESS_TOKEN_EXPIRE_MINUTES"])
def test_a_value_that_has_no_meaning_stops_the_start_and_names_itself(
    tmp_path: Path, name: str
) -> None:
    refused = read_settings(tmp_path, **OLD_FILE | {name: "none"})
    assert refused.returncode
    assert f"{name} must be" in refused.stderr.splitlines()[-1]


def test_an_old_address_beside_another_new_one_stops_the_start(tmp_path: Path) -> None:
    refused = read_settings(tmp_path, **OLD_FILE, SITE_URL="https://catchall.example.com")
    assert "SITE_URL and BASE_URL disagree" in refused.stderr.splitlines()[-1]
