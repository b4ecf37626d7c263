"""Files of events: on the event's page, as downloads that no browser runs, and gone with it."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from errors.models import Attachment, AttachmentContent, Event, EventPayload, Issue, KeptBytes
from errors.services.removal import remove_events
from errors.tests.factories import (
    make_attachment,
    make_event,
    make_issue,
    make_person,
    make_project,
)
from projects.models import Project

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def issue(project: Project) -> Issue:
    return make_issue(project, number=41)


@pytest.fixture
def client(project: Project) -> Client:
    client = Client()
    client.force_login(make_person(project, "viewer"))
    return client


def page_of(client: Client, event: Event) -> str:
    return " ".join(client.get(reverse("issue", args=["shop", 41])).content.decode().split())


def place(attachment: Attachment, name: str = "attachment") -> str:
    return reverse(name, args=[attachment.project.slug, attachment.pk])


def test_an_events_files_are_listed_with_name_type_and_size(issue: Issue, client: Client) -> None:
    event = make_event(issue)
    assert 'id="attachments"' not in page_of(client, event)
    # In an envelope of its own, which came later.
    file = make_attachment(
        issue.project,
        b"x" * 2048,
        event=event,
        content_type="text/csv",
        attachment_type="event.view_hierarchy",
    )
    page = page_of(client, event)
    assert "orders.csv" in page
    assert "text/csv · view hierarchy · 2 KB" in page
    assert f'href="{place(file)}"' in page


def test_a_file_of_another_event_is_not_listed(issue: Issue, client: Client) -> None:
    other = make_event(make_issue(make_project("Other")))
    make_attachment(issue.project, event=other)
    make_attachment(issue.project)
    event = make_event(issue)
    Event.objects.filter(pk=event.pk).update(event_id=other.event_id)
    Attachment.objects.update(project=other.project)
    assert 'id="attachments"' not in page_of(client, event)


def test_a_file_is_taken_away_and_never_shown(issue: Issue, client: Client) -> None:
    event = make_event(issue)
    file = make_attachment(
        issue.project,
        SCRIPT.encode(),
        event=event,
        filename="../x.html",
        content_type="text/html",
    )
    answer = client.get(place(file))
    assert answer.content == SCRIPT.encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="x.html"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(place(file, "attachment_preview")).status_code == 404


@pytest.mark.parametrize(
    "name",
    [f'"><img src=x onerror=alert(1)>{SCRIPT}', "a\"; filename*=utf-8''b.html", "a\r\nX-Evil: 1"],
)
def test_a_name_breaks_out_of_nothing(issue: Issue, client: Client, name: str) -> None:
    event = make_event(issue)
    file = make_attachment(issue.project, event=event, filename=name, content_type=name)
    page = page_of(client, event)
    assert SCRIPT not in page
    assert "<img src=x" not in page
    headers = client.get(place(file)).headers
    assert "X-Evil" not in headers
    assert headers["Content-Disposition"].startswith("attachment; filename")


def test_a_picture_is_shown_by_what_its_bytes_are(issue: Issue, client: Client) -> None:
    event = make_event(issue)
    make_attachment(issue.project, b"<svg onload=alert(1)>", event=event, filename="a.png")
    picture = make_attachment(issue.project, PNG, event=event, filename="shot.html")
    address = place(picture, "attachment_preview")
    page = page_of(client, event)
    assert page.count("<img") == 1
    assert f'<img src="{address}"' in page
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["attachment", "attachment_preview"])
def test_files_of_other_projects_are_not_there(issue: Issue, client: Client, name: str) -> None:
    foreign = make_attachment(make_project("Foreign"), PNG)
    assert client.get(place(foreign, name)).status_code == 404
    # Nor through the address of one's own project.
    assert client.get(reverse(name, args=["shop", foreign.pk])).status_code == 404
    assert client.get(reverse(name, args=["shop", 10**30])).status_code == 404
    assert Client().get(place(foreign, name)).status_code == 302


def test_a_file_that_was_too_large_is_named_without_a_link(
    issue: Issue, client: Client, settings: Any
) -> None:
    settings.MAX_ATTACHMENT_BYTES = 100
    event = make_event(issue)
    file = make_attachment(issue.project, PNG + b"\0" * 100, event=event)
    page = page_of(client, event)
    assert "128 B · too large, not kept" in page
    assert "<img" not in page
    assert client.get(place(file)).status_code == 404
    assert not AttachmentContent.objects.exists()


def test_files_are_listed_where_the_events_content_is_gone(issue: Issue, client: Client) -> None:
    event = make_event(issue)
    make_attachment(issue.project, event=event)
    EventPayload.objects.all().delete()
    page = page_of(client, event)
    assert "Only this event's row is kept" in html.unescape(page)
    assert "orders.csv" in page


def test_files_go_with_their_event_and_make_room(issue: Issue) -> None:
    event, other = make_event(issue), make_event(issue)
    make_attachment(issue.project, event=event)
    make_attachment(issue.project, event=event)
    stays = make_attachment(issue.project, event=other)
    remove_events([event.pk])
    assert list(Attachment.objects.all()) == [stays]
    assert AttachmentContent.objects.get().pk == stays.pk
    assert KeptBytes.objects.get().size_bytes == stays.kept_bytes


def test_files_cost_the_events_page_one_query(
    issue: Issue, client: Client, django_assert_num_queries: Any
) -> None:
    event = make_event(issue)
    for _ in range(5):
        make_attachment(issue.project, event=event)
    address = reverse("issue", args=["shop", 41])
    client.get(address)
    with django_assert_num_queries(18):
        client.get(address)


def test_a_download_needs_few_queries(
    issue: Issue, client: Client, django_assert_num_queries: Any
) -> None:
    file = make_attachment(issue.project)
    client.get(place(file))
    with django_assert_num_queries(4):
        client.get(place(file))
