"""Projects in the admin, with their keys and members on their page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.http import person_of
from projects.admin.keys import KeyInline
from projects.admin.members import MembershipInline
from projects.forms import NUMBERS, describe_number
from projects.models import Project
from projects.policies import project_numbers
from projects.rate_limits import LIMIT_FIELDS
from projects.scoped_admin import MANAGERS, OWNERS, ProjectScopedAdmin, has_role
from projects.services import create_project, delete_project


@admin.register(Project)
class ProjectAdmin(ProjectScopedAdmin):
    project_path = "pk"
    change_roles = MANAGERS
    list_display = ("name", "slug", "short_prefix", "platform", "created_at", "first_event_at")
    list_filter = ("platform",)
    search_fields = ("name", "slug")
    inlines = (KeyInline, MembershipInline)
    readonly_fields = ("slug", "kept", "created_at", "first_event_at", "last_issue_number")
    fieldsets = (
        (None, {"fields": ("name", "slug", "short_prefix", "platform")}),
        ("What is kept", {"fields": ("kept",)}),
        ("Rate limit", {"fields": (LIMIT_FIELDS,)}),
        ("Browsers", {"fields": ("allowed_origins",)}),
        (
            "What is filtered out",
            {"fields": ("sensitive_fields", "safe_fields", "drop_ip_addresses")},
        ),
        ("So far", {"fields": ("created_at", "first_event_at", "last_issue_number")}),
    )
    add_fieldsets = ((None, {"fields": ("name", "platform")}),)

    @admin.display(description="Retention")
    def kept(self, project: Project) -> str:
        """Each number that counts, and who said so; *Retention* above changes them."""
        numbers = project_numbers(project)
        lines = [
            (NUMBERS[name], describe_number(name, number.value), number.source)
            for name, number in numbers.items()
        ]
        return format_html_join(SafeString("<br>"), "{}: {} (from {})", lines)

    def project_id_of(self, row: Project) -> int:
        return row.pk

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:
        return has_role(request, obj.pk if obj else None, OWNERS)

    def get_fieldsets(self, request: HttpRequest, obj: Project | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_inlines(self, request: HttpRequest, obj: Project | None) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        if change:
            # Not the whole row: the digest counts in it.
            obj.save(update_fields=list(form.fields))
            return
        made = create_project(name=obj.name, platform=obj.platform, owner=person_of(request))
        obj.pk = made.pk
        obj.refresh_from_db()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only the projects themselves: their data is removed in the background, in batches."""
        forbidden = [each for each in objs if not self.has_delete_permission(request, each)]
        return [str(each) for each in objs], {"projects": len(objs)}, forbidden, []

    def delete_model(self, request: HttpRequest, obj: Project) -> None:
        delete_project(project=obj, by=person_of(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> None:
        for project in queryset:
            self.delete_model(request, project)
