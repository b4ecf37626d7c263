"""A project's settings, and its end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import PersonRequest
from projects.access import managed_project
from projects.forms import ProjectSettingsForm
from projects.services import ProjectError, delete_project


@login_required
@require_http_methods(["GET", "POST"])
def project_settings(request: PersonRequest, slug: str) -> HttpResponse:
    """Name, platform, retention, origins, and what is filtered out."""
    project = managed_project(request.user, slug)
    form = ProjectSettingsForm(request.POST or None, instance=project)
    if form.is_valid():
        # Not the whole row: the digest counts in it.
        form.instance.save(update_fields=list(form.fields))
        messages.success(request, "The settings are saved.")
        return redirect("project_settings", slug)
    # A refused form must not rename the project in the frame.
    project.refresh_from_db()
    return render(
        request, "projects/settings.html", {"section": "project", "project": project, "form": form}
    )


@login_required
@require_http_methods(["GET", "POST"])
def project_delete(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask for the project's name, then mark it deleted."""
    project = managed_project(request.user, slug)
    if request.method == "GET" or request.POST.get("name", "").strip() != project.name:
        context = {"section": "project", "project": project, "is_wrong": request.method == "POST"}
        return render(request, "projects/delete.html", context)
    try:
        delete_project(project=project, by=request.user, now=timezone.now())
    except ProjectError as error:
        messages.error(request, str(error))
        return redirect("project_settings", slug)
    messages.success(request, f"{project.name} is deleted.")
    return redirect("project_list")
