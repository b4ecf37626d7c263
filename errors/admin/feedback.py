"""Feedback in the admin, to handle in bulk and to remove."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.http import person_of
from common.text import one_line
from errors.models import Feedback
from errors.models.feedback import FeedbackQuerySet
from errors.services.feedback import handle_feedback, reopen_feedback
from errors.services.kept import remove_kept
from projects.scoped_admin import WRITERS, ProjectScopedAdmin, VisibleProjectFilter, has_role

# What keeps a row of the list on one or two lines.
WORDS_LENGTH = 70


class HandledFilter(admin.SimpleListFilter):
    """New, or dealt with."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("new", "New"), ("handled", "Handled")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"new", "handled"}:
            return queryset
        return queryset.filter(handled_at__isnull=self.value() == "new")


@admin.register(Feedback)
class FeedbackAdmin(ProjectScopedAdmin):
    list_display = ("words", "name", "email", "project", "issue", "received", "handled_at")
    list_filter = (("project", VisibleProjectFilter), HandledFilter)
    list_select_related = ("project", "grouping_key__issue__project")
    search_fields = ("search_text__contains",)
    sortable_by = ()
    actions = ("handle", "reopen")
    exclude = ("grouping_key", "kept_bytes")
    readonly_fields = ("issue", "received")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Feedback], search_term: str
    ) -> tuple[QuerySet[Feedback], bool]:
        """As the column has the words: without capitals."""
        return super().get_search_results(request, queryset, search_term.lower())

    @admin.display(description="Words")
    def words(self, feedback: Feedback) -> str:
        return truncatechars(one_line(feedback.message), WORDS_LENGTH)

    @admin.display(description="Issue")
    def issue(self, feedback: Feedback) -> str:
        return str(feedback.grouping_key.issue) if feedback.grouping_key else ""

    @admin.display(description="Received at")
    def received(self, feedback: Feedback) -> str:
        return date_format(timezone.localtime(feedback.received_at), "DATETIME_FORMAT")

    def view_on_site(self, feedback: Feedback) -> str:
        place = reverse("project_feedback_list", args=[feedback.project.slug])
        state = "?state=handled" if feedback.handled_at else ""
        return f"{place}{state}#feedback-{feedback.pk}"

    def has_triage_permission(self, request: HttpRequest) -> bool:
        """For the actions: a person's words are nobody's to type over."""
        return has_role(request, None, WRITERS)

    def has_delete_permission(self, request: HttpRequest, obj: Feedback | None = None) -> bool:
        return self._may(request, obj, WRITERS)

    @admin.action(permissions=["triage"], description="Mark selected feedback as handled")
    def handle(self, request: HttpRequest, rows: FeedbackQuerySet) -> None:
        self._change(request, rows, handle_feedback, "handled")

    @admin.action(permissions=["triage"], description="Mark selected feedback as new")
    def reopen(self, request: HttpRequest, rows: FeedbackQuerySet) -> None:
        self._change(request, rows, reopen_feedback, "new again")

    def _change(
        self,
        request: HttpRequest,
        rows: FeedbackQuerySet,
        change: Callable[..., list[int]],
        done: str,
    ) -> None:
        changed = change(_writable(request, rows), user=person_of(request), now=timezone.now())
        self.message_user(request, f"{len(changed)} {done}.", messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: Feedback) -> None:
        remove_kept(Feedback, [obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        rows = _writable(request, queryset).values_list("pk", flat=True)
        remove_kept(Feedback, list(rows))


def _writable(request: HttpRequest, rows: QuerySet[Feedback]) -> FeedbackQuerySet:
    """Those that the person may change."""
    chosen = rows.order_by().values("pk")
    return Feedback.objects.writable_by(person_of(request)).filter(pk__in=chosen)
