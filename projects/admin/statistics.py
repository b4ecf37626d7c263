"""What became of what was sent, as rows: of one's own projects, for superusers of none, too."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from accounts.http import person_of
from projects.models import OutcomeCount, Project
from projects.paging import BoundedPaginator
from projects.scoped_admin import ProjectScopedAdmin
from projects.statistics.outcomes import NO_PROJECT, OUTCOMES, describe_reason
from projects.statistics.page import NAMES


class ProjectFilter(admin.SimpleListFilter):
    """The projects that the person sees."""

    title = "project"
    parameter_name = "project"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        projects = Project.objects.visible_to(person_of(request)).values_list("pk", "name")
        none = [(str(NO_PROJECT), "No project")] if request.user.is_superuser else []
        return [*((str(pk), name) for pk, name in projects), *none]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutcomeCount]
    ) -> QuerySet[OutcomeCount]:
        value = self.value() or ""
        return queryset.filter(project_id=value) if value.isdecimal() else queryset


class OutcomeFilter(admin.SimpleListFilter):
    """Each outcome by its name."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(OUTCOMES.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutcomeCount]
    ) -> QuerySet[OutcomeCount]:
        return queryset.filter(outcome=self.value()) if self.value() in OUTCOMES else queryset


class CategoryFilter(admin.SimpleListFilter):
    """Each category; those that occur are not looked for."""

    title = "category"
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(NAMES.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutcomeCount]
    ) -> QuerySet[OutcomeCount]:
        return queryset.filter(category=self.value()) if self.value() in NAMES else queryset


@admin.register(OutcomeCount)
class OutcomeCountAdmin(ProjectScopedAdmin):
    """Nobody changes a number; the page of each project draws them."""

    project_path = "project_id"
    paginator = BoundedPaginator
    list_display = ("hour_text", "project_name", "outcome_text", "category", "why", "quantity")
    # No index has another order.
    sortable_by = ()
    list_filter = (ProjectFilter, OutcomeFilter, CategoryFilter)
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutcomeCount]:
        name = Project.objects.filter(pk=OuterRef("project_id")).values("name")
        counts = OutcomeCount.objects.annotate(project_name=Subquery(name)).order_by("-id")
        if request.user.is_superuser:
            return counts
        return counts.filter(project_id__in=Project.objects.visible_to(person_of(request)))

    @admin.display(description="Hour")
    def hour_text(self, row: OutcomeCount) -> str:
        if not row.hour:
            return "Earlier"
        start = datetime.fromtimestamp(row.hour * 3600, UTC)
        return f"{start.day} {start:%b %Y, %H:00} UTC"

    @admin.display(description="Project")
    def project_name(self, row: Any) -> str:
        return row.project_name or "No project"

    @admin.display(description="Outcome")
    def outcome_text(self, row: OutcomeCount) -> str:
        return OUTCOMES.get(row.outcome, row.outcome)

    @admin.display(description="Reason")
    def why(self, row: OutcomeCount) -> str:
        return describe_reason(row.outcome, row.reason)
