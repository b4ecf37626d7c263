"""What the proxy hands to ingest is what ingest knows, and nothing else."""

import re
from pathlib import Path

import pytest

from ingest.routes import hot_route

CADDYFILE = Path(__file__).resolve().parent.parent.parent / "deploy" / "Caddyfile"
_FOUND = re.search(r"@ingest \{\s+path_regexp (\S+)", CADDYFILE.read_text())
assert _FOUND
TO_INGEST = re.compile(_FOUND[1])
EVENT = "9ec79c33ec9942ab8353589fcb2e04dc"


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/7/envelope",
        "/api/7/store",
        "/api/v1/7/envelope",
        "/api/7/security",
        "/api/7/csp-report",
        "/api/7/minidump",
        f"/api/7/events/{EVENT}/attachments",
        "/api/7/cron/nightly",
        f"/api/7/cron/nightly/{EVENT}",
        "/api/7/integration/otlp/v1/traces",
        "/api/7/integration/otlp/v1/logs",
    ],
)
def test_what_applications_send_goes_to_ingest(path: str, slash: str) -> None:
    assert hot_route(path + slash, "") is not None
    assert TO_INGEST.search(path + slash)
    assert TO_INGEST.search("/tracker" + path + slash)


def test_the_crash_report_dialog_goes_to_ingest_where_django_answers_it() -> None:
    assert hot_route("/api/embed/error-page/", "") is None
    assert TO_INGEST.search("/api/embed/error-page/")
    assert TO_INGEST.search("/api/embed/error-page")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/projects/shop/issues/",
        "/api/projects/7/",
        "/api/projects/7/statistics",
        "/api/v1/projects/7/events",
        "/api/v1/projects/events",
        "/api/projects/7/events",
        "/api/v1/auth/login",
        "/api/v1/users/7",
        "/openapi.json",
        "/docs",
        "/api/errors/7/",
        "/api/7/",
        "/api/7/cron/",
        "/api/7/events/",
        "/api/7/integration/otlp/v1/metrics",
        "/api/7/minidump/7",
    ],
)
def test_pages_and_the_api_go_to_web(path: str) -> None:
    assert hot_route(path, "") is None
    assert not TO_INGEST.search(path)
