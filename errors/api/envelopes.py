"""Accepted envelopes over REST, with their items: the scrubbed copies that are kept."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RestView, asking
from accounts.api.refusals import NotFound
from accounts.token_auth import ErrorsScope
from common.text import read_id
from errors.api import schema
from errors.api.schema import DEFAULT_LIMIT, MAX_ID, MAX_LIMIT, MAX_OFFSET
from errors.envelopes import KeptEnvelope, KeptItem, read_envelopes
from errors.queries.envelopes import Place, page_of_envelopes
from errors.storage import PayloadsAwayError
from projects.models import Project, ProjectQuerySet

# A page ends early rather than hold more than this of payloads.
PAGE_BYTES = 8 * 1024 * 1024
# Envelopes that are opened together: few, as one may hold MAX_ENVELOPE_BYTES.
AT_ONCE = 10


class PageSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Which part of the list is wanted."""

    limit = serializers.IntegerField(min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT)
    offset = serializers.IntegerField(min_value=0, max_value=MAX_OFFSET, default=0)
    before = serializers.IntegerField(min_value=0, max_value=MAX_ID, default=None)


class PayloadsAway(APIException):
    """What is listed lies in an object storage that does not answer."""

    status_code = 503
    default_detail = "The storage of payloads does not answer"
    default_code = "payloads_away"


class AllEnvelopesView(RestView):
    """Envelopes of all projects that one may see."""

    permission_classes = (ErrorsScope,)

    @extend_schema(**schema.LIST_ENVELOPES)
    def get(self, request: Request) -> Response:
        return _list(request, Project.objects.visible_to(asking(request)))


@extend_schema_view(get=extend_schema(operation_id="list_envelopes_by_short_address"))
class ShortAllEnvelopesView(AllEnvelopesView):
    """The same at another address, under a name of its own in the document."""


class ProjectEnvelopesView(RestView):
    """Envelopes of one project."""

    permission_classes = (ErrorsScope,)

    @extend_schema(**schema.LIST_PROJECT_ENVELOPES)
    def get(self, request: Request, project_id: str) -> Response:
        projects = Project.objects.visible_to(asking(request)).filter(pk=read_id(project_id) or 0)
        if not projects:
            raise NotFound("Project not found")
        return _list(request, projects)


def _list(request: Request, projects: ProjectQuerySet) -> Response:
    wanted = PageSerializer(data=request.query_params)
    wanted.is_valid(raise_exception=True)
    page = page_of_envelopes(projects, **wanted.validated_data)
    try:
        envelopes, is_cut = _open_within_bounds(page.places)
    except PayloadsAwayError as error:
        raise PayloadsAway from error
    before = page.places[len(envelopes) - 1][0] if is_cut else page.next_before
    return Response(envelopes, headers=_link(request._request, before))


def _open_within_bounds(places: list[Place]) -> tuple[list[dict[str, Any]], bool]:
    """The envelopes, until they are too much together; whether they were."""
    opened: list[dict[str, Any]] = []
    size_bytes = 0
    for place, envelope in _read(places):
        opened.append(_present(place, envelope))
        size_bytes += sum(len(item.payload) for item in envelope.items)
        if size_bytes > PAGE_BYTES and len(opened) < len(places):
            return opened, True
    return opened, False


def _read(places: list[Place]) -> Iterator[tuple[Place, KeptEnvelope]]:
    """Each place with what is kept there, some at a time."""
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        kept = read_envelopes([place[1] for place in some], [place[0] for place in some])
        for place in some:
            yield place, kept.get(place[0], KeptEnvelope({}, []))


def _present(place: Place, envelope: KeptEnvelope) -> dict[str, Any]:
    row_id, project_id, event_id = place
    headers = envelope.headers
    return {
        "id": row_id,
        "project_id": project_id,
        "event_id": event_id.hex if event_id else None,
        "sent_at": headers.get("sent_at"),
        "dsn": headers.get("dsn"),
        "items": [_present_item(row_id, item) for item in envelope.items],
    }


def _present_item(envelope_id: int, item: KeptItem) -> dict[str, Any]:
    return {
        "id": item.row_id,
        "event_id": envelope_id,
        "item_id": item.position,
        "payload": item.payload.decode("utf-8", "replace"),
    }


def _link(request: HttpRequest, before: int | None) -> dict[str, str]:
    """Where the next page is, as RFC 8288 says it."""
    if before is None:
        return {}
    query = request.GET.copy()
    query.pop("offset", None)
    query["before"] = str(before)
    return {"Link": f'<{request.build_absolute_uri(f"?{query.urlencode()}")}>; rel="next"'}
