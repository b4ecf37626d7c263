"""A project's keys: create, label, revoke, take back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import PersonRequest
from projects import services
from projects.access import managed_project
from projects.forms import KeyForm, KeyLimitForm, SimpleKeyForm
from projects.models import ProjectKey
from projects.rate_limits import LIMIT_FIELDS, describe_limit


@login_required
@require_http_methods(["GET", "POST"])
def project_keys(request: PersonRequest, slug: str) -> HttpResponse:
    """Every key with its DSN and last use; a form for one more."""
    project = managed_project(request.user, slug)
    form = KeyForm(request.POST or None)
    if form.is_valid():
        services.create_key(project=project, label=form.cleaned_data["label"])
        messages.success(request, f"The key {form.cleaned_data['label']} is ready.")
        return redirect("project_keys", slug)
    context = {
        "section": "project",
        "project": project,
        "keys": project.keys.all(),
        "form": form,
        "simple_keys": project.simple_keys.all(),
        "simple_form": SimpleKeyForm(),
    }
    return render(request, "projects/keys.html", context)


@login_required
@require_POST
def key_rename(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Call a key something else."""
    key = _managed_key(request, slug, key_id)
    form = KeyForm(request.POST)
    if form.is_valid():
        services.rename_key(key=key, label=form.cleaned_data["label"])
        messages.success(request, f"The key is called {key.label} now.")
    else:
        messages.error(request, "A key needs a label of at most 100 characters.")
    return redirect("project_keys", slug)


@login_required
@require_POST
def key_limit(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Bound what may come with a key, or let as much come as does."""
    key = _managed_key(request, slug, key_id)
    form = KeyLimitForm(request.POST)
    if form.is_valid():
        count, window_s = (form.cleaned_data[name] for name in LIMIT_FIELDS)
        services.limit_key(key=key, count=count, window_s=window_s)
        messages.success(request, f"{key.label}: {describe_limit(key.limit)}.")
    else:
        messages.error(request, "A limit is a number from 1, in 1 to 86,400 seconds.")
    return redirect("project_keys", slug)


@login_required
@require_POST
def key_revoke(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Refuse a key from now on; the page offers to take it back."""
    key = _managed_key(request, slug, key_id)
    key.revoke(now=timezone.now())
    messages.success(request, f"{key.label} is revoked: what it sends is refused from now on.")
    return redirect("project_keys", slug)


@login_required
@require_POST
def key_restore(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Take a revoked key back into use."""
    key = _managed_key(request, slug, key_id)
    key.restore()
    messages.success(request, f"{key.label} is in use again.")
    return redirect("project_keys", slug)


def _managed_key(request: PersonRequest, slug: str, key_id: int) -> ProjectKey:
    project = managed_project(request.user, slug)
    key = get_object_or_404(ProjectKey, project=project, pk=key_id)
    key.project = project
    return key
