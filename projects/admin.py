"""Projects in the admin, with their keys and members."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.http import person_of
from projects.models import Membership, Project, ProjectKey
from projects.scoped_admin import MANAGERS, OWNERS, ProjectScopedAdmin, ScopedInline, has_role
from projects.services import create_project, delete_project


class OwnerRemains(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Refuses to take the last owner out of a project."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        owners = [data for data in kept if data.get("role") == Membership.Role.OWNER]
        had_owner = any(
            form.initial["role"] == Membership.Role.OWNER for form in self.initial_forms
        )
        if had_owner and not owners:
            raise ValidationError("A project keeps at least one owner.")


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A key, with a switch in place of the moment that it was revoked at."""

    is_revoked = forms.BooleanField(required=False, label="Revoked")

    class Meta:
        model = ProjectKey
        fields = ("label",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_revoked"].initial = not self.instance.is_active

    def save(self, commit: bool = True) -> Any:
        is_revoked = self.cleaned_data["is_revoked"]
        self.instance.revoked_at = (
            (self.instance.revoked_at or timezone.now()) if is_revoked else None
        )
        return super().save(commit)


class KeyInline(ScopedInline):
    """Keys are revoked, never deleted: their last use stays known."""

    model = ProjectKey
    form = KeyForm
    fields = (("label", "public_key"), ("is_revoked", "last_used_at"))
    readonly_fields = ("public_key", "last_used_at")
    can_delete = False


class MembershipInline(ScopedInline):
    """Who is in the project; owners decide here, as a manager could make themselves one."""

    model = Membership
    formset = OwnerRemains
    change_roles = OWNERS
    fields = (("user", "role"),)
    select_related = ("project", "user")

    def formfield_for_foreignkey(self, *args: Any, **kwargs: Any) -> Any:
        """Read the people once, not for each row anew."""
        field: Any = super().formfield_for_foreignkey(*args, **kwargs)
        if field is not None:
            field.choices = list(field.choices)
        return field


@admin.register(Project)
class ProjectAdmin(ProjectScopedAdmin):
    project_path = "pk"
    change_roles = MANAGERS
    list_display = ("name", "slug", "short_prefix", "platform", "created_at", "first_event_at")
    list_filter = ("platform",)
    search_fields = ("name", "slug")
    inlines = (KeyInline, MembershipInline)
    readonly_fields = ("slug", "created_at", "first_event_at", "last_issue_number")
    fieldsets = (
        (None, {"fields": ("name", "slug", "short_prefix", "platform")}),
        ("How long events are kept", {"fields": ("retention_days", "max_events_per_issue")}),
        ("Browsers", {"fields": ("allowed_origins",)}),
        (
            "What is filtered out",
            {"fields": ("sensitive_fields", "safe_fields", "drop_ip_addresses")},
        ),
        ("So far", {"fields": ("created_at", "first_event_at", "last_issue_number")}),
    )
    add_fieldsets = ((None, {"fields": ("name", "platform")}),)

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
            super().save_model(request, obj, form, change)
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
