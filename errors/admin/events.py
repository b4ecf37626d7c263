"""What the digest wrote, in the admin, to look at."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from accounts.http import person_of
from common.wording import describe_size
from errors.models import (
    Environment,
    Event,
    GroupingKey,
    PayloadDictionary,
    Release,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
)
from errors.views.envelope import download_envelope
from projects.models import Project
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
        """Look the id up where the digest notes it: the event table has no index for it."""
        if not search_term:
            return queryset, False
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
    list_filter = (BY_PROJECT, "version")
    list_select_related = ("issue__project",)
    search_fields = ("hash",)


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


@admin.register(StoredEnvelope)
class StoredEnvelopeAdmin(ProjectScopedAdmin):
    list_display = ("id", "project", "event_id", "download")
    list_filter = (BY_PROJECT,)
    list_select_related = ("project",)
    readonly_fields = ("download",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.envelope)
        address = path("<int:row_id>/envelope/", view, name="errors_storedenvelope_envelope")
        return [address, *super().get_urls()]

    @admin.display(description="Envelope")
    def download(self, envelope: StoredEnvelope) -> str:
        address = reverse("admin:errors_storedenvelope_envelope", args=[envelope.pk])
        return format_html('<a href="{}">Download envelope</a>', address)

    def envelope(self, request: HttpRequest, row_id: int) -> HttpResponse:
        """The envelope as a file, for those who see its row."""
        row = get_object_or_404(self.get_queryset(request), pk=row_id)
        return download_envelope(row.project_id, row.pk, name=str(row.pk))


@admin.register(StoredItem)
class StoredItemAdmin(ProjectScopedAdmin):
    list_display = ("envelope_id", "position", "project", "type", "size")
    list_filter = (BY_PROJECT,)
    list_select_related = ("project",)
    exclude = ("payload",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredItem]:
        return super().get_queryset(request).defer("payload")

    @admin.display(ordering="payload_bytes")
    def size(self, item: StoredItem) -> str:
        return describe_size(item.payload_bytes)


@admin.register(PayloadDictionary)
class PayloadDictionaryAdmin(ProjectScopedAdmin):
    list_display = ("project", "platform", "version", "sample_count", "size", "created_at")
    list_filter = (BY_PROJECT,)
    list_select_related = ("project",)
    exclude = ("content",)

    @admin.display(description="Size")
    def size(self, dictionary: PayloadDictionary) -> str:
        return describe_size(len(dictionary.content))
