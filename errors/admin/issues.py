"""Issues in the admin, to triage in bulk, and what was done with them."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils import timezone

from accounts.http import person_of
from accounts.models import User
from errors.models import Activity, Issue
from errors.models.issue import IssueQuerySet
from errors.presenters.issue_rows import message_of
from errors.services.status import archive_issues, mark_deleted, reopen_issues, resolve_issues
from projects.paging import among_newest
from projects.scoped_admin import WRITERS, ProjectScopedAdmin, VisibleProjectFilter, has_role

# What keeps a row of the list on one or two lines.
TITLE_LENGTH = 70
# Each is looked up with its issue, for the issue's project.
NEWEST_ACTIVITIES = 1_000


@admin.register(Issue)
class IssueAdmin(ProjectScopedAdmin):
    list_display = (
        "short_id",
        "what",
        "project",
        "level",
        "status",
        "substatus",
        "event_count",
        "user_count",
        "last_seen_at",
    )
    list_display_links = ("short_id", "what")
    list_filter = (("project", VisibleProjectFilter), "status")
    list_select_related = ("project",)
    search_fields = ("search_text__contains",)
    # By other columns the database would sort the whole table; the issue list has its own ways.
    sortable_by = ()
    actions = ("resolve", "archive", "reopen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        return super().get_queryset(request).filter(deleted_at=None)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Issue], search_term: str
    ) -> tuple[QuerySet[Issue], bool]:
        """As `errors.search` has the words: without capitals."""
        return super().get_search_results(request, queryset, search_term.lower())

    @admin.display(description="Issue")
    def short_id(self, issue: Issue) -> str:
        return issue.short_id

    @admin.display(description="Title")
    def what(self, issue: Issue) -> str:
        message = message_of(issue)
        return truncatechars(f"{issue.title}: {message}" if message else issue.title, TITLE_LENGTH)

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


@admin.register(Activity)
class ActivityAdmin(ProjectScopedAdmin):
    project_path = "issue__project"
    list_display = ("created_at", "issue", "user", "kind")
    ordering = ("-pk",)
    sortable_by = ()
    list_filter = (("issue__project", VisibleProjectFilter), "kind")
    list_select_related = ("issue__project", "user")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Activity], search_term: str
    ) -> tuple[QuerySet[Activity], bool]:
        """There is nothing to search, and an issue's page has all of its own."""
        return among_newest(queryset, NEWEST_ACTIVITIES), False

    def project_id_of(self, row: Activity) -> int:
        return row.issue.project_id


def _writable(issues: IssueQuerySet, user: User) -> IssueQuerySet:
    """Those that the person may change, by a subquery: the list's own joins must not be locked."""
    return Issue.objects.writable_by(user).filter(pk__in=issues.order_by().values("pk"))
