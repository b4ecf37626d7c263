"""Which addresses the proxy sends to ingest: those that its thin shell answers."""

import re
from pathlib import Path

import pytest

from ingest.routes import hot_route

TO_INGEST = re.compile(
    re.search(r"path_regexp (\S+)", Path("deploy/Caddyfile").read_text())[1]  # type: ignore[index]
)


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
        "/api/7/events/9ec79c33ec9942ab8353589fcb2e04dc/attachments",
        "/api/7/cron/nightly",
        "/api/7/cron/nightly/0123456789abcdef0123456789abcdef",
        "/api/7/integration/otlp/v1/traces",
    ],
)
def test_what_applications_send_goes_to_ingest(path: str, slash: str) -> None:
    assert hot_route(path + slash, "") is not None
    assert TO_INGEST.search(path + slash)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/projects/events",
        "/api/projects/7/events",
        "/api/v1/auth/login",
        "/api/v1/users/7",
        "/openapi.json",
        "/docs",
    ],
)
def test_what_programs_ask_goes_to_web(path: str) -> None:
    assert hot_route(path, "") is None
    assert not TO_INGEST.search(path)
