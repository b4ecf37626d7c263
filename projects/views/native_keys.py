"""A project's API keys: made and shown once, changed, revoked, taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.expiry import expiry_of
from accounts.http import PersonRequest
from accounts.once import is_first_time
from projects import native_key_services as services
from projects.access import managed_project
from projects.models import NativeKey
from projects.native_key_forms import ChangeApiKeyForm, CreateApiKeyForm


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def project_api_keys(request: PersonRequest, slug: str) -> HttpResponse:
    """Every key with its last use; a form for one more, whose text this answer alone holds."""
    project = managed_project(request.user, slug)
    form = CreateApiKeyForm(request.POST or None)
    made: tuple[NativeKey, str] | None = None
    if form.is_valid():
        if not is_first_time(request, form.cleaned_data["once"]):
            return redirect("project_api_keys", slug)
        made = services.create_native_key(
            project=project,
            label=form.cleaned_data["label"],
            errors_per_minute=form.cleaned_data["errors_per_minute"],
            expires_at=expiry_of(form.cleaned_data["expires"], timezone.now()),
            created_by=request.user,
        )
        form = CreateApiKeyForm()
    context = {
        "section": "project",
        "project": project,
        "keys": project.native_keys.select_related("created_by"),
        "made": made,
        "form": form,
    }
    return render(request, "projects/api_keys.html", context)


@login_required
@require_POST
def api_key_change(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Call a key something else, or let it send more or less."""
    form = ChangeApiKeyForm(request.POST, instance=_managed_key(request, slug, key_id))
    if form.is_valid():
        form.instance.save(update_fields=list(form.fields))
        messages.success(request, f"{form.instance.label} is saved.")
    else:
        messages.error(request, "A key needs a label, and a number of at least 1 or none.")
    return redirect("project_api_keys", slug)


@login_required
@require_POST
def api_key_revoke(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Refuse a key from now on; the page offers to take it back."""
    key = _managed_key(request, slug, key_id)
    key.revoke(now=timezone.now())
    messages.success(request, f"{key.label} is revoked: it opens nothing in a few seconds.")
    return redirect("project_api_keys", slug)


@login_required
@require_POST
def api_key_restore(request: PersonRequest, slug: str, key_id: int) -> HttpResponse:
    """Take a revoked key back into use."""
    key = _managed_key(request, slug, key_id)
    key.restore()
    messages.success(request, f"{key.label} is in use again.")
    return redirect("project_api_keys", slug)


def _managed_key(request: PersonRequest, slug: str, key_id: int) -> NativeKey:
    project = managed_project(request.user, slug)
    return get_object_or_404(NativeKey, project=project, pk=key_id)
