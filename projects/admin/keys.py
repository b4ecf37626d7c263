"""Keys in the admin: on their project's page, and all of them as a list."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.http import person_of
from projects.models import Project, ProjectKey
from projects.rate_limits import LIMIT_FIELDS
from projects.scoped_admin import (
    MANAGERS,
    ProjectScopedAdmin,
    ScopedInline,
    VisibleProjectFilter,
    has_role,
)


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A key, with a switch in place of the moment that it was revoked at."""

    is_revoked = forms.BooleanField(required=False, label="Revoked")

    class Meta:
        model = ProjectKey
        fields = ("label", *LIMIT_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_revoked"].initial = not self.instance.is_active

    def _save_m2m(self) -> None:
        """Django calls it once the row is there, at whichever moment that is."""
        super()._save_m2m()  # type: ignore[misc]  # django-stubs leave it out
        if self.cleaned_data["is_revoked"]:
            self.instance.revoke(now=timezone.now())
        else:
            self.instance.restore()


class KeyInline(ScopedInline):
    """Keys are revoked, never deleted: their last use stays known."""

    model = ProjectKey
    form = KeyForm
    fields = (
        ("label", "public_key"),
        ("rate_limit", "rate_limit_window_s"),
        ("is_revoked", "last_used_at"),
    )
    readonly_fields = ("public_key", "last_used_at")
    can_delete = False


class InUseFilter(admin.SimpleListFilter):
    """Keys that are taken, and those that are refused."""

    title = "in use"
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "In use"), ("no", "Revoked")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ProjectKey]
    ) -> QuerySet[ProjectKey]:
        value = self.value()
        return queryset.filter(revoked_at__isnull=value == "yes") if value else queryset


@admin.register(ProjectKey)
class ProjectKeyAdmin(ProjectScopedAdmin):
    list_display = (
        "label",
        "project",
        "public_key",
        "is_in_use",
        "limit_text",
        "last_used_at",
        "created_at",
    )
    list_filter = (("project", VisibleProjectFilter), InUseFilter)
    list_select_related = ("project",)
    search_fields = ("label", "public_key")
    actions = ("revoke", "restore")

    @admin.display(boolean=True, ordering="revoked_at", description="In use")
    def is_in_use(self, key: ProjectKey) -> bool:
        return key.is_active

    @admin.display(description="Rate limit")
    def limit_text(self, key: ProjectKey) -> str:
        return key.limit_text

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """For the actions: what a key is called is changed on its project's page."""
        return has_role(request, None, MANAGERS)

    @admin.action(permissions=["manage"], description="Revoke selected keys")
    def revoke(self, request: HttpRequest, chosen: QuerySet[ProjectKey]) -> None:
        keys = _managed(request, chosen)
        for key in keys:
            key.revoke(now=timezone.now())
        self.message_user(request, f"{len(keys)} revoked.", messages.SUCCESS)

    @admin.action(permissions=["manage"], description="Take selected keys back into use")
    def restore(self, request: HttpRequest, chosen: QuerySet[ProjectKey]) -> None:
        keys = _managed(request, chosen)
        for key in keys:
            key.restore()
        self.message_user(request, f"{len(keys)} in use again.", messages.SUCCESS)


def _managed(request: HttpRequest, chosen: QuerySet[ProjectKey]) -> list[ProjectKey]:
    return list(chosen.filter(project__in=Project.objects.managed_by(person_of(request))))
