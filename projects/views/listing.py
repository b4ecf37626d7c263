"""The person's projects, and a new one."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import PersonRequest
from projects.forms import CreateProjectForm
from projects.models import Membership, Project
from projects.services import create_project


@login_required
@require_GET
def project_list(request: PersonRequest) -> HttpResponse:
    """Every project that this person may see, with their role in it."""
    own = Membership.objects.filter(user=request.user)
    projects = (
        Project.objects.visible_to(request.user)
        .annotate(
            member_count=Count("memberships", distinct=True),
            last_used_at=Max("keys__last_used_at"),
        )
        .prefetch_related(Prefetch("memberships", own, to_attr="own_memberships"))
    )
    return render(request, "projects/list.html", {"section": "projects", "projects": projects})


@login_required
@require_http_methods(["GET", "POST"])
def project_create(request: PersonRequest) -> HttpResponse:
    """Make a project; its maker owns it and goes on to connect an application."""
    form = CreateProjectForm(request.POST or None)
    if form.is_valid():
        project = create_project(
            name=form.cleaned_data["name"],
            platform=form.cleaned_data["platform"],
            owner=request.user,
        )
        return redirect("project_setup", project.slug)
    return render(request, "projects/create.html", {"section": "projects", "form": form})
