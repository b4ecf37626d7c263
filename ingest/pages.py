"""Connecting an application: the set-up page, its waiting line, and a test event."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, path
from django.views.decorators.http import require_GET, require_POST

from accounts.http import PersonRequest
from errors.models import Issue
from ingest.errors import IngestError
from ingest.sample_event import send_test_event
from projects.access import can_write, visible_project
from projects.models import Project
from projects.snippets import SNIPPETS, snippet_for


@login_required
@require_GET
def project_setup(request: PersonRequest, slug: str) -> HttpResponse:
    """Install, connect, crash; beside it the line that waits for the first event."""
    project = visible_project(request.user, slug)
    key = project.keys.filter(revoked_at=None).first()
    snippet = snippet_for(request.GET.get("sdk", project.platform))
    context = {
        "section": "project",
        "project": project,
        "dsn": key.dsn if key else "",
        "snippet": snippet.with_dsn(key.dsn) if key else snippet,
        "snippets": SNIPPETS,
        "newest_issue": _newest_issue(project),
        "can_send": can_write(request.user, project),
        "socket": f"{get_script_prefix()}ws/projects/{slug}/",
    }
    return render(request, "projects/setup.html", context)


@login_required
@require_GET
def setup_status(request: PersonRequest, slug: str) -> HttpResponse:
    """The waiting line alone, as the page asks for it until the first event is there."""
    project = visible_project(request.user, slug)
    context = {"project": project, "newest_issue": _newest_issue(project), "is_fresh": True}
    return render(request, "projects/_status.html", context)


@login_required
@require_POST
def test_event(request: PersonRequest, slug: str) -> HttpResponse:
    """Send a test event through the same door as every application."""
    project = visible_project(request.user, slug)
    if not can_write(request.user, project):
        raise PermissionDenied(f"Viewers of {project} cannot send events.")
    try:
        send_test_event(project, sender=request.user.name)
    except IngestError as error:
        messages.error(request, f"The test event was refused: {error.detail}")
    else:
        messages.success(request, "The test event is on its way.")
    return redirect("project_setup", slug)


def _newest_issue(project: Project) -> Issue | None:
    if project.first_event_at is None:
        return None
    return Issue.objects.present().filter(project=project).order_by("-number").first()


urlpatterns = [
    path("projects/<slug:slug>/setup/", project_setup, name="project_setup"),
    path("projects/<slug:slug>/setup/status/", setup_status, name="project_setup_status"),
    path("projects/<slug:slug>/test-event/", test_event, name="project_test_event"),
]
