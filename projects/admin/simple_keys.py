"""Keys of the simple interface in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.http import person_of
from projects.admin.keys import InUseFilter
from projects.models import Project, SimpleKey
from projects.scoped_admin import MANAGERS, ProjectScopedAdmin, VisibleProjectFilter, has_role


@admin.register(SimpleKey)
class SimpleKeyAdmin(ProjectScopedAdmin):
    """Keys are added and revoked, never changed: applications have them."""

    fields = ("project", "key")
    list_display = ("key", "project", "is_automatic", "is_in_use", "created_at")
    list_filter = (("project", VisibleProjectFilter), InUseFilter, "is_automatic")
    list_select_related = ("project",)
    search_fields = ("key",)
    actions = ("revoke", "restore")

    @admin.display(boolean=True, ordering="revoked_at", description="In use")
    def is_in_use(self, key: SimpleKey) -> bool:
        return key.is_active

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_role(request, None, MANAGERS)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """For the actions."""
        return has_role(request, None, MANAGERS)

    @admin.action(permissions=["manage"], description="Revoke selected keys")
    def revoke(self, request: HttpRequest, chosen: QuerySet[SimpleKey]) -> None:
        keys = _managed(request, chosen)
        for key in keys:
            key.revoke(now=timezone.now())
        self.message_user(request, f"{len(keys)} revoked.", messages.SUCCESS)

    @admin.action(permissions=["manage"], description="Take selected keys back into use")
    def restore(self, request: HttpRequest, chosen: QuerySet[SimpleKey]) -> None:
        keys = _managed(request, chosen)
        for key in keys:
            key.restore()
        self.message_user(request, f"{len(keys)} in use again.", messages.SUCCESS)


def _managed(request: HttpRequest, chosen: QuerySet[Any]) -> list[SimpleKey]:
    return list(chosen.filter(project__in=Project.objects.managed_by(person_of(request))))
