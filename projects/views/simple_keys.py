"""A project's simple keys: add, revoke, take back. They are listed among its other keys."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import PersonRequest
from projects.access import managed_project
from projects.forms import SimpleKeyForm
from projects.models import SimpleKey
from projects.services import ProjectError
from projects.simple_key_services import add_simple_key


@login_required
@require_POST
def simple_key_add(request: PersonRequest, slug: str) -> HttpResponse:
    """Let events that name a key go to this project."""
    project = managed_project(request.user, slug)
    form = SimpleKeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "A simple key is a text of at most 200 characters.")
        return redirect("project_keys", slug)
    try:
        key = add_simple_key(project=project, key=form.cleaned_data["key"])
        messages.success(request, f"Events that name {key} come here now.")
    except ProjectError as error:
        messages.error(request, str(error))
    return redirect("project_keys", slug)


@login_required
@require_POST
def simple_key_revoke(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Refuse a key from now on; the page offers to take it back."""
    key = _managed_key(request, slug, key_id)
    key.revoke(now=timezone.now())
    messages.success(request, f"{key} is revoked: what names it is refused from now on.")
    return redirect("project_keys", slug)


@login_required
@require_POST
def simple_key_restore(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Take a revoked key back into use."""
    key = _managed_key(request, slug, key_id)
    key.restore()
    messages.success(request, f"{key} is in use again.")
    return redirect("project_keys", slug)


def _managed_key(request: PersonRequest, slug: str, key_id: int) -> SimpleKey:
    project = managed_project(request.user, slug)
    return get_object_or_404(SimpleKey, project=project, pk=key_id)
