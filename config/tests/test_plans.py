"""No page reads a big table from end to end, on PostgreSQL: each of its queries is explained."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.api_token_services import create_api_token
from accounts.models import Scope, User
from errors.models import Event, GroupingKey, Issue
from errors.queries.envelopes import WINDOW
from projects.models import Project
from projects.native_key_services import create_native_key

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL"),
]

EVENTS, ISSUES = 40_000, 15_000
# Lists and counts stop at ten thousand rows at the latest, below the size of each big table here.
MAX_ROWS = 12_500
BIG = {
    "errors_activity",
    "errors_event",
    "errors_eventpayload",
    "errors_groupingkey",
    "errors_hourlycount",
    "errors_issue",
    "errors_issueuser",
    "errors_payloaddictionary",
    "errors_seenevent",
    "errors_tagcount",
}
LISTS = (
    *(f"?status={one}&sort={sort}" for one in Issue.Status for sort in ("last_seen", "events")),
    *(f"?sort={sort}&page=9" for sort in ("last_seen", "first_seen", "events", "people")),
    *(f"?environment={name}" for name in ("production", "staging", "nowhere")),
    "?environment=production&sort=events",
    "?q=zzqqxx",
    "?q=timeout&environment=staging",
)
ISSUE_PAGES = {
    "issue",
    "issue_activity",
    "issue_events",
    "issue_feedback",
    "issue_grouping",
    "issue_tags",
}
EVENT_PAGES = {
    "event_envelope",
    "event_grouping",
    "event_json",
    "event_markdown",
    "event_raw",
    "issue_event",
}
PROJECT_PAGES = {
    "project_api_keys",
    "project_delete",
    "project_keys",
    "project_members",
    "project_settings",
    "project_setup",
    "project_setup_status",
    "project_statistics",
}
LIST_PAGES = {"issue_list", "project_issue_list"}
FEEDBACK_PAGES = {"feedback_list", "project_feedback_list"}
ROW_PAGES = {"issue_rows", "project_issue_rows"}
PLAIN_PAGES = {"home", "project_create", "project_list"}
# One row by its key; the site that is filled has no files.
FILE_PAGES = {"attachment", "attachment_preview"}
# What programs read: a person's, by their session; native ones, by a key of the site.
API_LISTS = {"api_envelopes", "api_envelopes_short", "api_projects"}
API_OF_PROJECT = {"api_project", "api_project_envelopes", "api_statistics"}
NATIVE_LISTS = {"native_dsn_keys", "native_errors", "native_projects"}
NATIVE_FILTERS = (
    "?resolved=true&limit=200",
    "?resolved=false&offset=3000",
    "?environment=production",
    "?source=browser",
    "?search=timeout",
    "?session_id=abc",
    "?since=2026-01-01T00:00:00Z",
)
# They change something.
NOT_READ = {
    "api_key_change",
    "api_key_restore",
    "api_key_revoke",
    "feedback_status",
    "issue_status",
    "issue_undo",
    "key_rename",
    "key_restore",
    "key_limit",
    "key_revoke",
    "member_add",
    "member_remove",
    "member_role",
    "native_browser_errors",
    "native_dsn_key",
    "native_resolve",
    "native_test_alert",
    "project_test_event",
    "simple_events",
    "simple_key_add",
    "simple_key_restore",
    "simple_key_revoke",
}


def test_every_page_of_the_site_is_looked_at() -> None:
    pages = ISSUE_PAGES | EVENT_PAGES | PROJECT_PAGES | LIST_PAGES | ROW_PAGES | PLAIN_PAGES
    read_by_programs = API_LISTS | API_OF_PROJECT | NATIVE_LISTS | {"native_error"}
    packages = ("errors.", "projects.", "ingest.pages", "ingest.native")
    # The gallery shows examples, in development only.
    known = pages | FEEDBACK_PAGES | FILE_PAGES | read_by_programs | NOT_READ
    assert set(_names(get_resolver(), packages)) - {"gallery"} == known


def _names(parent: URLResolver, packages: tuple[str, ...], prefix: str = "") -> Iterator[str]:
    for each in parent.url_patterns:
        if isinstance(each, URLPattern):
            if each.name and each.callback.__module__.startswith(packages):
                yield each.name
        elif each.namespace != "admin":
            yield from _names(each, packages)


def test_no_query_of_a_page_reads_a_big_table() -> None:
    person = User.objects.create_superuser("ana", None, "a long password")
    call_command("fill_site", events=EVENTS, issues=ISSUES, days=2, projects=2)
    client = Client()
    client.force_login(person)
    with connection.cursor() as cursor:
        # As if the tables were longer: so short, some are read fastest from end to end.
        cursor.execute("SET LOCAL seq_page_cost = 4")
    found = [*_look_at(client, _site_pages()), *_look_at(client, _admin_pages())]
    _, token = create_api_token(user=person, label="Plans", scopes=Scope.values)
    program = Client(headers={"Authorization": f"Bearer {token}"})
    found += _look_at(program, _api_addresses(), max_rows=WINDOW)
    _, key = create_native_key(project=None, label="Plans", errors_per_minute=1_000)
    found += _look_at(Client(headers={"X-API-Key": key}), _native_addresses())
    assert not found, "\n".join(found)


def _site_pages() -> Iterator[str]:
    loud = Issue.objects.select_related("project").order_by("-event_magnitude")[0]
    slug = loud.project.slug
    yield from (reverse(name) for name in (*PLAIN_PAGES, "feedback_list"))
    project_pages = (*PROJECT_PAGES, "project_feedback_list")
    yield from (reverse(name, args=[slug]) for name in project_pages)
    yield from _issue_pages(loud)
    merged = Issue.objects.annotate(count=Count("keys")).filter(count=2)
    yield from _issue_pages(merged.select_related("project").order_by("event_magnitude")[0])
    for address in (reverse("issue_list"), reverse("project_issue_list", args=[slug])):
        yield from (address + query for query in LISTS)
    for address in (reverse("issue_rows"), reverse("project_issue_rows", args=[slug])):
        yield f"{address}?ids={loud.pk}&since=1"


def _api_addresses() -> Iterator[str]:
    project = Project.objects.all()[0]
    yield from (reverse(name) for name in API_LISTS)
    yield from (reverse(name, args=[project.pk]) for name in API_OF_PROJECT)


def _native_addresses() -> Iterator[str]:
    project = Project.objects.all()[0]
    yield from (reverse(name) for name in NATIVE_LISTS)
    errors = reverse("native_errors")
    yield from (errors + query for query in NATIVE_FILTERS)
    yield f"{errors}?project={project.name}"
    yield reverse("native_error", args=[Issue.objects.all()[0].pk])


def _issue_pages(issue: Issue) -> Iterator[str]:
    slug = issue.project.slug
    event = Event.objects.filter(grouping_key__issue=issue)[0].event_id.hex
    yield from (reverse(name, args=[slug, issue.number]) for name in ISSUE_PAGES)
    yield from (reverse(name, args=[slug, issue.number, event]) for name in EVENT_PAGES)


def _admin_pages() -> Iterator[str]:
    """Each list of the errors app: as it opens, filtered by project, and searched."""
    project = Project.objects.all()[0]
    key = GroupingKey.objects.all()[0]
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "errors":
            address = reverse(f"admin:errors_{model._meta.model_name}_changelist")
            yield address
            yield from (
                f"{address}?{name[0]}__id__exact={project.pk}"
                for name in model_admin.list_filter
                if isinstance(name, tuple)
            )
            if model_admin.search_fields:
                yield f"{address}?q={key.hash}"


def _look_at(
    client: Client, addresses: Iterator[str], *, max_rows: int = MAX_ROWS
) -> Iterator[str]:
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code in {200, 302}, address
        for query in queries.captured_queries:
            if query["sql"].startswith("SELECT"):
                yield from _read_too_much(address, query["sql"], max_rows)


def _read_too_much(address: str, statement: str, max_rows: int) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        (answer,) = cursor.fetchone()
    plan = json.loads(answer) if isinstance(answer, str) else answer
    for node in _nodes(plan[0]["Plan"]):
        table = str(node.get("Relation Name", ""))
        removed = node.get("Rows Removed by Filter", 0)
        rows = (node["Actual Rows"] + removed) * node["Actual Loops"]
        is_big = any(table == name or table.startswith(f"{name}_2") for name in BIG)
        if is_big and rows > max_rows:
            yield f"{address} reads {rows} rows of {table} ({node['Node Type']}): {statement[:300]}"


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", ()):
        yield from _nodes(part)
