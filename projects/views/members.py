"""A project's members: who they are, and for managers who comes and goes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import PersonRequest
from projects import services
from projects.access import can_manage, managed_project, visible_project
from projects.forms import AddMemberForm, RoleForm
from projects.models import Membership


@login_required
@require_GET
def project_members(request: PersonRequest, slug: str) -> HttpResponse:
    """Everybody in the project, for everybody in the project."""
    project = visible_project(request.user, slug)
    context = {
        "section": "project",
        "project": project,
        "memberships": project.memberships.select_related("user"),
        "is_manager": can_manage(request.user, project),
        "roles": Membership.Role.choices,
        "form": AddMemberForm(),
    }
    return render(request, "projects/members.html", context)


@login_required
@require_POST
def member_add(request: PersonRequest, slug: str) -> HttpResponse:
    """Let an existing person in."""
    project = managed_project(request.user, slug)
    form = AddMemberForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Name somebody who has an account, and choose a role.")
        return redirect("project_members", slug)
    try:
        membership = services.add_member(
            project=project,
            login=form.cleaned_data["login"].strip(),
            role=form.cleaned_data["role"],
            by=request.user,
        )
    except services.ProjectError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{membership.user} is in {project.name} now.")
    return redirect("project_members", slug)


@login_required
@require_POST
def member_role(request: PersonRequest, slug: str, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    membership = _managed_membership(request, slug, membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles.")
        return redirect("project_members", slug)
    try:
        services.change_role(membership=membership, role=form.cleaned_data["role"], by=request.user)
    except services.ProjectError as error:
        messages.error(request, str(error))
    else:
        role = membership.get_role_display().lower()
        messages.success(request, f"{membership.user} is {role} now.")
    return redirect("project_members", slug)


@login_required
@require_POST
def member_remove(request: PersonRequest, slug: str, membership_id: int) -> HttpResponse:
    """Take a person out; whoever leaves a project themselves goes back to their list."""
    membership = _managed_membership(request, slug, membership_id)
    try:
        services.remove_member(membership=membership, by=request.user)
    except services.ProjectError as error:
        messages.error(request, str(error))
        return redirect("project_members", slug)
    messages.success(request, f"{membership.user} is no longer in {membership.project.name}.")
    if membership.user_id == request.user.pk and not request.user.is_superuser:
        return redirect("project_list")
    return redirect("project_members", slug)


def _managed_membership(request: PersonRequest, slug: str, membership_id: int) -> Membership:
    project = managed_project(request.user, slug)
    memberships = Membership.objects.select_related("user", "project")
    return get_object_or_404(memberships, project=project, pk=membership_id)
