"""What the digest wrote, in the admin, to look at."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.http import person_of
from common.wording import describe_size
from errors.models import (
    Environment,
    Event,
    GroupingKey,
    PayloadDictionary,
    Release,
    SeenEvent,
)
from projects.models import Project
from projects.paging import among_newest
from projects.scoped_admin import ProjectScopedAdmin, VisibleProjectFilter

BY_PROJECT = ("project", VisibleProjectFilter)


@admin.register(Event)
class EventAdmin(ProjectScopedAdmin):
    list_display = ("event_id", "issue", "project", "level", "occurred_at", "received")
    list_filter = (BY_PROJECT, "level")
    list_select_related = ("project", "grouping_key__issue__project")
    search_fields = ("event_id",)

    @admin.display(description="Issue")
    def issue(self, event: Event) -> str:
        return str(event.grouping_key.issue)

    @admin.display(ordering="id", description="Received at")
    def received(self, event: Event) -> Any:
        return event.received_at

    def view_on_site(self, event: Event) -> str:
        issue = event.grouping_key.issue
        return reverse("issue_event", args=[issue.project.slug, issue.number, event.event_id.hex])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """The newest events; others by their id, which the digest notes beside the table."""
        if not search_term:
            return among_newest(queryset), False
        try:
            event_id = UUID(search_term)
        except ValueError:
            return queryset.none(), False
        projects = Project.objects.visible_to(person_of(request))
        seen = SeenEvent.objects.filter(project_id__in=projects, event_id=event_id)
        return queryset.filter(pk__in=list(seen.values_list("row_id", flat=True))), False


@admin.register(GroupingKey)
class GroupingKeyAdmin(ProjectScopedAdmin):
    list_display = ("hash", "issue", "version", "event_count", "first_seen_at", "last_seen_at")
    list_filter = (BY_PROJECT,)
    list_select_related = ("issue__project",)
    search_fields = ("hash__exact",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[GroupingKey], search_term: str
    ) -> tuple[QuerySet[GroupingKey], bool]:
        """The newest keys; others by their hash."""
        rows = queryset if search_term else among_newest(queryset)
        return super().get_search_results(request, rows, search_term)


@admin.register(Release)
class ReleaseAdmin(ProjectScopedAdmin):
    list_display = ("version", "project", "first_seen_at")
    list_filter = (BY_PROJECT,)
    list_select_related = ("project",)
    search_fields = ("version",)


@admin.register(Environment)
class EnvironmentAdmin(ProjectScopedAdmin):
    list_display = ("name", "project")
    list_filter = (BY_PROJECT,)
    list_select_related = ("project",)


@admin.register(PayloadDictionary)
class PayloadDictionaryAdmin(ProjectScopedAdmin):
    sortable_by = ()
    list_display = ("project", "platform", "version", "sample_count", "size", "created_at")
    list_filter = (BY_PROJECT,)
    list_select_related = ("project",)
    exclude = ("content",)

    @admin.display(description="Size")
    def size(self, dictionary: PayloadDictionary) -> str:
        return describe_size(len(dictionary.content))
