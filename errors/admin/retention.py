"""Retention policies in the admin: the site's and each project's, with a preview of the edited."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from errors.models import KeptBytes, ProjectRetention
from errors.presenters.retention import describe_kept, present_preview
from errors.services.budgets import budget_of, kept_in
from errors.services.retention import Preview, preview_policies
from errors.tasks import enforce_retention
from projects.forms import NUMBERS, RetentionForm, describe_number
from projects.models import Project, SitePolicy
from projects.policies import project_numbers, read_policies
from projects.retention import SETTINGS
from projects.scoped_admin import MANAGERS, ProjectScopedAdmin


class PolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A page of numbers; *Preview* counts what they would remove, and saves nothing."""

    form = RetentionForm
    change_form_template = "admin/retention_form.html"

    def preview_of(self, edited: Any) -> Preview:
        """What would go if `edited` were saved."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        obj = self.get_object(request, object_id or "")
        if "_preview" in request.POST and obj and self.has_change_permission(request, obj):
            form = self.get_form(request, obj, change=True)(request.POST, instance=obj)
            if form.is_valid():
                return self._show(request, obj, form)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _show(self, request: HttpRequest, obj: Any, form: Any) -> HttpResponse:
        """The same page with the numbers as typed, and what they would do."""
        fieldsets: Any = self.get_fieldsets(request, obj)
        shown = self.get_readonly_fields(request, obj)
        page = AdminForm(form, fieldsets, {}, readonly_fields=shown, model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Change {self.opts.verbose_name}",
            "subtitle": str(obj),
            "adminform": page,
            "object_id": obj.pk,
            "original": obj,
            "is_popup": False,
            "media": self.media + page.media,
            "inline_admin_formsets": [],
            "errors": [],
            "preserved_filters": self.get_preserved_filters(request),
            "preview": present_preview(self.preview_of(obj)),
        }
        return self.render_change_form(request, context, change=True, obj=obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if isinstance(obj, Project):
            # Not the whole row: the digest counts in it.
            obj.save(update_fields=list(SETTINGS))
        else:
            obj.save()
        # Nothing waits for it: the schedule does the same within the hour.
        messages.info(request, "What it lets go is being removed in the background.")
        transaction.on_commit(enforce_retention.delay)


@admin.register(SitePolicy)
class SitePolicyAdmin(PolicyAdmin):
    """One row, for superusers; its list leads straight to it."""

    def preview_of(self, edited: SitePolicy) -> Preview:
        policies = read_policies(Project.objects.all(), edited)
        return preview_policies(policies, now=timezone.now())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_change_permission = has_view_permission

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SitePolicy | None:
        return SitePolicy.current() if object_id == str(SitePolicy.ONLY) else None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(reverse("admin:projects_sitepolicy_change", args=[SitePolicy.ONLY]))


@admin.register(ProjectRetention)
class ProjectRetentionAdmin(PolicyAdmin, ProjectScopedAdmin):
    """Each project's numbers that count; those of one's own projects."""

    project_path = "pk"
    change_roles = MANAGERS
    list_display = ("name", *(f"show_{name}" for name in SETTINGS))
    search_fields = ("name", "slug")
    readonly_fields = ("kept",)

    @admin.display(description="Kept beside events")
    def kept(self, project: Project) -> str:
        budgets = {kind: budget_of(kind, is_whole_site=False) for kind in KeptBytes.Kind.values}
        return describe_kept(kept_in(project.pk), budgets)

    def preview_of(self, edited: Project) -> Preview:
        others = Project.objects.exclude(pk=edited.pk)
        policies = read_policies([*others, edited])
        return preview_policies(policies, now=timezone.now(), project_id=edited.pk)

    def project_id_of(self, row: Project) -> int:
        return row.pk

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the site's numbers beside the project's: one query for a list."""
        site = {f"site_{name}": Subquery(SitePolicy.objects.values(name)[:1]) for name in SETTINGS}
        projects: QuerySet[Any] = super().get_queryset(request).annotate(**site)
        return projects

    def _show_number(self, name: str, project: Any) -> str:
        site = SitePolicy(**{each: getattr(project, f"site_{each}") for each in SETTINGS})
        number = project_numbers(project, site)[name]
        return f"{describe_number(name, number.value)} (from {number.source})"

    @admin.display(description=NUMBERS["retention_days"], ordering="retention_days")
    def show_retention_days(self, project: Project) -> str:
        return self._show_number("retention_days", project)

    @admin.display(description=NUMBERS["max_events"], ordering="max_events")
    def show_max_events(self, project: Project) -> str:
        return self._show_number("max_events", project)

    @admin.display(description=NUMBERS["max_events_per_issue"], ordering="max_events_per_issue")
    def show_max_events_per_issue(self, project: Project) -> str:
        return self._show_number("max_events_per_issue", project)

    @admin.display(description=NUMBERS["resolved_days"], ordering="resolved_days")
    def show_resolved_days(self, project: Project) -> str:
        return self._show_number("resolved_days", project)
