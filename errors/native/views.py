"""The native interface's reads: errors, one of them, closing it."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.text import read_id
from errors.models import Issue
from errors.models.issue import IssueQuerySet
from errors.native import schema
from errors.native.filters import ErrorFilter
from errors.native.objects import fingerprints_of, write_error, write_error_in_full
from errors.queries.issues import SORTS
from errors.services.status import resolve_issues
from errors.storage import PayloadsAwayError
from projects.native_auth import KnownNativeKey, key_of
from projects.native_limits import errors_limit
from projects.native_view import NativeRefusal, NativeView, NotFound, check_limit
from projects.paging import BoundedPaginator

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class ErrorListView(NativeView):
    """Errors that the key opens, last seen first."""

    @extend_schema(**schema.LIST)
    def get(self, request: Request) -> Response:
        count_read(request)
        params = request.query_params.copy()
        params["resolved"] = params.get("resolved") or "false"
        chosen = ErrorFilter(params, issues_of(key_of(request)))
        if not chosen.is_valid():
            raise NativeRefusal(400, f"Invalid parameter: {next(iter(chosen.errors))}")
        limit = min(_read_number(request, "limit", DEFAULT_LIMIT), MAX_LIMIT)
        offset = min(_read_number(request, "offset", 0), BoundedPaginator.LIMIT)
        issues = chosen.qs.select_related("project").order_by(*SORTS["last_seen"])
        page = list(issues[offset : offset + limit])
        fingerprints = fingerprints_of([issue.pk for issue in page])
        errors = [write_error(issue, fingerprints.get(issue.pk, "")) for issue in page]
        total = issues[: BoundedPaginator.LIMIT].count()
        return Response({"errors": errors, "total": total, "limit": limit, "offset": offset})


class ErrorView(NativeView):
    """One error with its newest occurrences."""

    @extend_schema(**schema.GET)
    def get(self, request: Request, issue: str) -> Response:
        count_read(request)
        found = _issue(request, issue).select_related("project").first()
        if found is None:
            raise NotFound
        try:
            return Response(write_error_in_full(found))
        except PayloadsAwayError as error:
            detail = "The events cannot be read now"
            raise NativeRefusal(503, detail, retry_after_s=60) from error


class ResolveView(NativeView):
    """Close an error; one that is closed stays so."""

    @extend_schema(**schema.RESOLVE)
    def post(self, request: Request, issue: str) -> Response:
        count_read(request)
        found = _issue(request, issue)
        pk = found.values_list("pk", flat=True).first()
        if pk is None:
            raise NotFound
        resolve_issues(found, user=None, now=timezone.now(), key=key_of(request).label)
        return Response({"status": "resolved", "id": pk})


def count_read(request: Request) -> None:
    """Count a call that reports nothing: as many as errors, and apart from them.

    Raises: LimitReached.
    """
    key = key_of(request)
    check_limit(f"native:{key.key_id}", "reads", errors_limit(key.errors_per_minute).requests)


def issues_of(key: KnownNativeKey) -> IssueQuerySet:
    """The issues that a key opens."""
    issues = Issue.objects.present()
    return issues if key.project_id is None else issues.filter(project=key.project_id)


def _issue(request: Request, text: str) -> IssueQuerySet:
    """The one issue, if the key opens it. Raises NotFound for what is no number."""
    issue_id = read_id(text)
    if issue_id is None:
        raise NotFound
    return issues_of(key_of(request)).filter(pk=issue_id)


def _read_number(request: Request, name: str, default: int) -> int:
    """A whole number of the query; the default for anything else."""
    text = request.query_params.get(name, "")
    # Nothing here is that large, and what has more digits is larger still.
    return int(text[:18]) if text.isascii() and text.isdecimal() else default
