"""Issues in the admin, to triage in bulk, and what the digest wrote, to look at."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.http import person_of
from accounts.models import User
from common.wording import describe_size
from errors.models import (
    Activity,
    Environment,
    Event,
    GroupingKey,
    Issue,
    PayloadDictionary,
    Release,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
)
from errors.models.issue import IssueQuerySet
from errors.services.status import archive_issues, mark_deleted, reopen_issues, resolve_issues
from projects.models import Project
from projects.scoped_admin import WRITERS, ProjectScopedAdmin, VisibleProjectFilter, has_role

BY_PROJECT = ("project", VisibleProjectFilter)


@admin.register(Issue)
class IssueAdmin(ProjectScopedAdmin):
    list_display = (
        "short_id",
        "title",
        "project",
        "level",
        "status",
        "substatus",
        "event_count",
        "user_count",
        "last_seen_at",
    )
    list_display_links = ("short_id", "title")
    list_filter = (BY_PROJECT, "status", "level", "substatus")
    list_select_related = ("project",)
    search_fields = ("title", "value", "culprit")
    actions = ("resolve", "archive", "reopen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        return super().get_queryset(request).filter(deleted_at=None)

    @admin.display(ordering="number", description="Issue")
    def short_id(self, issue: Issue) -> str:
        return issue.short_id

    def view_on_site(self, issue: Issue) -> str:
        return reverse("issue", args=[issue.project.slug, issue.number])

    def has_triage_permission(self, request: HttpRequest) -> bool:
        """For the actions: the fields of an issue are nobody's to type over."""
        return has_role(request, None, WRITERS)

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return self._may(request, obj, WRITERS)

    @admin.action(permissions=["triage"], description="Resolve selected issues")
    def resolve(self, request: HttpRequest, issues: IssueQuerySet) -> None:
        self._change_status(request, issues, resolve_issues, "resolved")

    @admin.action(permissions=["triage"], description="Archive selected issues")
    def archive(self, request: HttpRequest, issues: IssueQuerySet) -> None:
        self._change_status(request, issues, archive_issues, "archived")

    @admin.action(permissions=["triage"], description="Reopen selected issues")
    def reopen(self, request: HttpRequest, issues: IssueQuerySet) -> None:
        self._change_status(request, issues, reopen_issues, "reopened")

    def _change_status(
        self,
        request: HttpRequest,
        issues: IssueQuerySet,
        change: Callable[..., list[Any]],
        done: str,
    ) -> None:
        user = person_of(request)
        changed = change(_writable(issues, user), user=user, now=timezone.now())
        self.message_user(request, f"{len(changed)} {done}.", messages.SUCCESS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only the issues themselves: their events are removed in the background, in batches."""
        forbidden = [each for each in objs if not self.has_delete_permission(request, each)]
        return [str(each) for each in objs], {"issues": len(objs)}, forbidden, []

    def delete_model(self, request: HttpRequest, obj: Issue) -> None:
        self.delete_queryset(request, Issue.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Issue]) -> None:
        issues = Issue.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))
        mark_deleted(_writable(issues, person_of(request)), now=timezone.now())


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
            seen = SeenEvent.objects.filter(
                project_id__in=Project.objects.visible_to(person_of(request)), event_id=search_term
            )
            return queryset.filter(pk__in=list(seen.values_list("row_id", flat=True))), False
        except ValueError:
            return queryset.none(), False


@admin.register(GroupingKey)
class GroupingKeyAdmin(ProjectScopedAdmin):
    list_display = ("hash", "issue", "version", "event_count", "first_seen_at", "last_seen_at")
    list_filter = (BY_PROJECT, "version")
    list_select_related = ("issue__project",)
    search_fields = ("hash",)


@admin.register(Activity)
class ActivityAdmin(ProjectScopedAdmin):
    project_path = "issue__project"
    list_display = ("created_at", "issue", "user", "kind")
    list_filter = (("issue__project", VisibleProjectFilter), "kind")
    list_select_related = ("issue__project", "user")

    def project_id_of(self, row: Activity) -> int:
        return row.issue.project_id


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
    list_display = ("id", "project", "event_id")
    list_filter = (BY_PROJECT,)
    list_select_related = ("project",)


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


def _writable(issues: IssueQuerySet, user: User) -> IssueQuerySet:
    """Those that the person may change, by a subquery: the list's own joins must not be locked."""
    return Issue.objects.writable_by(user).filter(pk__in=issues.order_by().values("pk"))
