"""One event as page, JSON and Markdown."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from errors.models import Event, EventPayload, Issue, StoredItem
from errors.storage.codec import compress
from errors.tests.factories import make_document, make_event, make_issue, make_person, make_project
from projects.models import Project

pytestmark = pytest.mark.django_db

ISSUE = "/projects/shop/issues/41/"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def issue(project: Project) -> Issue:
    return make_issue(project, number=41)


@pytest.fixture
def member_client(project: Project) -> Client:
    client = Client()
    client.force_login(make_person(project))
    return client


def address(event: Event, rest: str = "") -> str:
    return f"{ISSUE}events/{event.event_id.hex}/{rest}"


def page_of(client: Client, where: str = ISSUE) -> str:
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


# Finding


def test_the_newest_event_is_shown_unless_another_is_named(
    issue: Issue, member_client: Client
) -> None:
    now = timezone.now()
    first, second, third = (
        make_event(issue, at=now - timedelta(minutes=minutes)) for minutes in (9, 6, 3)
    )
    assert member_client.get(ISSUE).context["event"] == third
    response = member_client.get(address(second))
    neighbours = response.context["neighbours"]
    assert response.context["event"] == second
    assert (neighbours.first, neighbours.previous) == (first.event_id.hex, first.event_id.hex)
    assert (neighbours.next, neighbours.last) == (third.event_id.hex, third.event_id.hex)
    ends = member_client.get(address(third)).context["neighbours"]
    assert (ends.next, ends.last) == (None, None)


def test_an_event_is_found_by_dashed_id_and_by_row_number(
    issue: Issue, member_client: Client
) -> None:
    event = make_event(issue)
    for name in (str(event.event_id), str(event.pk)):
        assert member_client.get(f"{ISSUE}events/{name}/").context["event"] == event


@pytest.mark.parametrize("name", ["nonsense", "0" * 32, "9" * 18, "12345"])
def test_an_event_that_is_not_the_issues_is_not_there(
    issue: Issue, member_client: Client, name: str
) -> None:
    make_event(issue)
    assert member_client.get(f"{ISSUE}events/{name}/").status_code == 404


def test_the_event_of_another_issue_is_not_there(
    issue: Issue, project: Project, member_client: Client
) -> None:
    other = make_event(make_issue(project))
    assert member_client.get(address(other)).status_code == 404


@pytest.mark.parametrize("rest", ["", "json/", "raw/", "markdown/", "envelope/", "grouping/"])
def test_events_are_for_members_only(issue: Issue, client: Client, rest: str) -> None:
    event = make_event(issue)
    assert client.get(address(event, rest)).status_code == 302
    client.force_login(make_person(make_project("Other")))
    assert client.get(address(event, rest)).status_code == 404


# Reading


def test_the_stack_shows_the_crash_its_locals_and_folds_libraries(
    issue: Issue, member_client: Client
) -> None:
    make_event(issue)
    page = page_of(member_client)
    assert "14 frames of libraries" in page
    assert "caused by" in page
    assert "118.5" in page
    assert 'class="source-line source-crash"' in page
    assert "unhandled" in page


def test_the_newest_call_is_first_until_somebody_wants_it_otherwise(
    issue: Issue, member_client: Client
) -> None:
    make_event(issue)

    def is_newest_first() -> bool:
        page = page_of(member_client)
        return page.index("checkout/services.py") < page.index("frames of libraries")

    assert is_newest_first()
    member_client.get(ISSUE, {"frames": "oldest"})
    assert not is_newest_first()
    member_client.get(ISSUE, {"frames": "newest"})
    assert is_newest_first()


def test_every_other_part_of_the_event_is_there(issue: Issue, member_client: Client) -> None:
    make_event(issue)
    page = page_of(member_client)
    for text in ("SELECT 29", "18 earlier", "ana@example.com", "CPython", "sentry.python.django"):
        assert text in page
    for text in ("curl -g -X POST", "[Filtered]", "attempt", "5.2.19", "trace", "production"):
        assert text in page


def test_a_message_without_an_exception_is_shown(issue: Issue, member_client: Client) -> None:
    logentry = {"message": "paid %s", "formatted": "paid 981", "params": ["981"]}
    document = make_document(logentry=logentry)
    del document["event"]["exception"]
    make_event(issue, document)
    page = page_of(member_client)
    assert "paid 981" in page
    assert "paid %s" in page


def test_a_long_message_leaves_room_for_the_code(issue: Issue, member_client: Client) -> None:
    document = make_document()
    document["event"]["exception"]["values"][1]["value"] = "line\n" * 50
    make_event(issue, document)
    assert "Whole message" in page_of(member_client)


def test_threads_are_shown_where_there_is_no_exception(issue: Issue, member_client: Client) -> None:
    document = make_document()
    crash = document["event"].pop("exception")["values"][1]
    thread = {"id": 7, "name": "worker", "crashed": True, "stacktrace": crash["stacktrace"]}
    document["event"]["threads"] = {"values": [{"id": 1}, thread]}
    make_event(issue, document)
    assert "Thread worker" in page_of(member_client)


def test_parts_that_could_not_be_read_are_named(issue: Issue, member_client: Client) -> None:
    document = make_document()
    document["problems"] = [["breadcrumbs.values.3", "expected an object, got a list"]]
    make_event(issue, document)
    page = page_of(member_client)
    assert "Part of this event could not be read" in page
    assert "expected an object, got a list" in page


def add_item(event: Event, **headers: Any) -> None:
    StoredItem.objects.create(
        envelope_id=event.pk,
        position=1,
        project=event.project,
        type="session",
        headers={"type": "session", **headers},
        payload=compress(b"a,b\n", None),
        payload_bytes=4,
        kept_bytes=4,
    )


def test_what_else_came_with_an_event_is_listed(issue: Issue, member_client: Client) -> None:
    event = make_event(issue)
    page = page_of(member_client)
    assert "what else came" not in page
    assert f'href="{address(event, "envelope/")}"' in page
    add_item(event, filename=f"{SCRIPT}.csv", _dropped="too much")
    page = page_of(member_client)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.csv, 4 B, too large, not kept" in page
    assert SCRIPT not in page


def test_an_event_whose_content_is_gone_says_so(issue: Issue, member_client: Client) -> None:
    event = make_event(issue)
    EventPayload.objects.all().delete()
    assert "Only this event's row is kept" in page_of(member_client)
    assert member_client.get(address(event, "json/")).status_code == 404


def test_the_smallest_event_has_a_page(issue: Issue, member_client: Client) -> None:
    document = make_document()
    kept = ("platform", "level", "environment")
    document["event"] = {key: document["event"][key] for key in kept}
    document["grouping"] = {}
    event = make_event(issue, document)
    page_of(member_client)
    page_of(member_client, address(event, "markdown/"))
    page_of(member_client, f"{ISSUE}grouping/")


# Trusting nothing


def poison(value: Any) -> Any:
    """Every string and key of a JSON value, with a script in it."""
    if isinstance(value, dict):
        return {f"{key}": poison(item) for key, item in value.items()} | {SCRIPT: SCRIPT}
    if isinstance(value, list):
        return [poison(item) for item in value]
    return SCRIPT + value if isinstance(value, str) else value


def test_no_field_of_an_event_can_bring_a_script(project: Project, member_client: Client) -> None:
    fields = dict.fromkeys(("value", "culprit", "route", "last_environment"), SCRIPT)
    issue = make_issue(project, number=41, title=SCRIPT, **fields)
    document = poison(make_document(transaction="/pay"))
    document["event"] |= {"level": "error", "platform": "python"}
    document["grouping"]["strategy"] = "exception"
    document["problems"] = [[SCRIPT, SCRIPT]]
    event = make_event(issue, document)
    places = ("", "events/", "tags/", "activity/", "grouping/")
    for where in ("/issues/", *(ISSUE + place for place in places), address(event, "raw/")):
        page = page_of(member_client, where)
        assert SCRIPT not in page, where
        assert "&lt;script&gt;alert(1)" in page, where


def test_exports_are_never_read_as_a_page(issue: Issue, member_client: Client) -> None:
    event = make_event(issue, make_document(transaction=SCRIPT))
    for rest, content_type in (("json/", "application/json"), ("markdown/", "text/plain")):
        response = member_client.get(address(event, rest))
        assert response.headers["Content-Type"].startswith(content_type)
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_bring_no_inline_code(issue: Issue, member_client: Client) -> None:
    make_event(issue)
    for where in ("/issues/", ISSUE, f"{ISSUE}tags/"):
        page = page_of(member_client, where)
        for inline in (" style=", "<style", " onclick=", "<script>"):
            assert inline not in page, (where, inline)


# Taking away


def test_the_envelope_is_a_file_and_never_a_page(issue: Issue, member_client: Client) -> None:
    event = make_event(issue)
    add_item(event, filename="prices.csv")
    response = member_client.get(address(event, "envelope/"))
    assert response.headers["Content-Type"] == "application/x-sentry-envelope"
    name = f"{event.event_id.hex}.envelope"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    lines = response.content.split(b"\n")
    assert json.loads(lines[1]) == {"type": "event", "length": len(lines[2])}
    assert lines[4:] == [b"a,b", b"", b""]


def test_an_envelope_of_which_nothing_is_kept_is_not_there(
    issue: Issue, member_client: Client
) -> None:
    event = make_event(issue)
    EventPayload.objects.all().delete()
    assert member_client.get(address(event, "envelope/")).status_code == 404


def test_json_is_the_scrubbed_event(issue: Issue, member_client: Client) -> None:
    event = make_event(issue)
    stored = json.loads(member_client.get(address(event, "json/")).content)
    assert stored["event_id"] == event.event_id.hex
    assert stored["request"]["headers"][1] == ["Authorization", "[Filtered]"]
    assert event.event_id.hex in page_of(member_client, address(event, "raw/"))


@pytest.mark.parametrize(
    ("rest", "queries"), [("json/", 7), ("raw/", 8), ("markdown/", 7), ("envelope/", 11)]
)
def test_exports_need_few_queries(
    issue: Issue,
    member_client: Client,
    rest: str,
    queries: int,
    django_assert_num_queries: Any,
) -> None:
    event = make_event(issue)
    member_client.get(address(event, rest))
    with django_assert_num_queries(queries):
        member_client.get(address(event, rest))


def test_markdown_tells_the_event_and_where_its_page_is(
    issue: Issue, member_client: Client
) -> None:
    event = make_event(issue)
    text = page_of(member_client, address(event, "markdown/"))
    assert text.startswith("# SHOP-41: ZeroDivisionError: division by zero")
    assert f"http://testserver{address(event)}" in text
