"""The native interface's writes by API key: errors, DSN keys, a test alert."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.text import read_id
from errors.alerts import send_test_alert
from errors.native.objects import write_time
from errors.native.views import ErrorListView, count_read
from ingest.native import schema
from ingest.native.bodies import receiving
from ingest.native.recording import project_of, read_report, record
from ingest.native.reports import read_error, read_project
from ingest.native.sending import SendingView, known_project
from projects.models import Project, ProjectKey
from projects.native_auth import BrowserKeyAuthentication, KnownNativeKey, key_of
from projects.native_limits import errors_limit
from projects.native_view import NativeRefusal, NativeView, NotFound, check_limit
from projects.services import create_key
from projects.statistics.outcomes import NO_PROJECT

MAX_KEYS = 1000
MAX_BODY_BYTES = 64 * 1024


class ErrorsView(SendingView, ErrorListView):
    """Errors: reported one at a time, listed."""

    @extend_schema(**schema.REPORT)
    def post(self, request: Request) -> Response:
        key = key_of(request)
        self.project_id = key.project_id or NO_PROJECT
        limit = errors_limit(key.errors_per_minute)
        check_limit(f"native:{key.key_id}", "errors", limit.requests)
        with receiving(request._request, limit.body_bytes) as body:
            report = read_report(read_error, body)
            project_id = project_of(key, report.project)
            self.take_by(known_project(project_id))
            return record(request._request, report, project_id=project_id)


class ProjectListView(NativeView):
    """The names of the projects that the key opens."""

    @extend_schema(**schema.PROJECTS)
    def get(self, request: Request) -> Response:
        count_read(request)
        names = _projects(key_of(request)).values_list("name", flat=True)
        return Response({"projects": list(dict.fromkeys(names))})


class TestAlertView(NativeView):
    """Say something on every channel of notifications."""

    @extend_schema(**schema.TEST_ALERT)
    def post(self, request: Request) -> Response:
        count_read(request)
        if not send_test_alert():
            raise NativeRefusal(503, "No alert channel is configured")
        return Response({"status": "accepted"}, status=202)


class DsnKeysView(NativeView):
    """The public keys that browsers send with."""

    authentication_classes = (BrowserKeyAuthentication,)

    @extend_schema(**schema.LIST_DSN_KEYS)
    def get(self, request: Request) -> Response:
        count_read(request)
        keys = _keys(key_of(request)).select_related("project").order_by("pk")[:MAX_KEYS]
        return Response({"keys": [_write_key(key) for key in keys]})

    @extend_schema(**schema.MAKE_DSN_KEY)
    def post(self, request: Request) -> Response:
        count_read(request)
        with receiving(request._request, MAX_BODY_BYTES) as body:
            project_id = project_of(key_of(request), read_report(read_project, body))
        project = Project.objects.get(pk=project_id)
        key = create_key(project=project, label="Browser")
        return Response({"public_key": key.public_key, "project": project.name}, status=201)


class DsnKeyView(NativeView):
    """One of them; it is revoked, never deleted."""

    authentication_classes = (BrowserKeyAuthentication,)

    @extend_schema(**schema.REVOKE_DSN_KEY)
    def delete(self, request: Request, key_id: str) -> Response:
        count_read(request)
        pk = read_id(key_id)
        found = _keys(key_of(request)).filter(pk=pk).first() if pk is not None else None
        if found is None:
            raise NotFound
        found.revoke(now=timezone.now())
        return Response({"status": "deactivated"})


def _projects(key: KnownNativeKey) -> QuerySet[Project]:
    projects = Project.objects.active()
    return projects if key.project_id is None else projects.filter(pk=key.project_id)


def _keys(key: KnownNativeKey) -> QuerySet[ProjectKey]:
    return ProjectKey.objects.filter(project__in=_projects(key))


def _write_key(key: ProjectKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "public_key": key.public_key,
        "project": key.project.name,
        "active": key.is_active,
        "created_at": write_time(key.created_at),
    }
