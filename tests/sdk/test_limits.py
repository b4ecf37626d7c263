"""What a stock SDK does when its project takes no more, and what the site knows of it then."""

import json
import sys
from typing import Any

import pytest

from tests.sdk.processes import run_app
from tests.sdk.reading import Visitor
from tests.server import Site, wait_until

pytestmark = pytest.mark.sdk

LIMIT = """
from projects.models import Project
Project.objects.filter(slug="{slug}").update(rate_limit=2, rate_limit_window_s=600)
"""
COUNTS = """
import json
from projects.models import OutcomeCount, Project
project = Project.objects.get(slug="{slug}")
rows = OutcomeCount.objects.filter(project_id=project.pk)
print(json.dumps(list(rows.values_list("outcome", "category", "reason", "quantity"))))
"""


def counts(site: Site, slug: str) -> dict[tuple[str, str, str], int]:
    """What became of what was sent to a project, as the database has it."""
    code = COUNTS.replace("{slug}", slug)
    rows: list[Any] = json.loads(site.run_command("shell", "--no-imports", "-c", code))
    return {(outcome, category, reason): n for outcome, category, reason, n in rows}


def test_a_limited_sdk_stops_sending_and_reports_what_it_dropped(
    site: Site, visitor: Visitor
) -> None:
    """Rows "429 … X-Sentry-Rate-Limits" and "client_report"."""
    dsn = site.create_project("teapots")
    site.run_command("shell", "--no-imports", "-c", LIMIT.replace("{slug}", "teapots"))

    run_app(sys.executable, "limited.py", "6", settings={"DSN": dsn})

    wanted = {
        ("accepted", "error", ""): 2,
        # It was told once, and obeyed.
        ("limited", "error", "project"): 1,
        ("client_discard", "error", "ratelimit_backoff"): 3,
        ("client_discard", "error", "before_send"): 1,
    }
    wait_until(lambda: counts(site, "teapots") == wanted, "every event to have a number")
    page = visitor.open("/projects/teapots/statistics/")
    page.assert_says("told to wait by a rate limit", "before_send dropped it")
