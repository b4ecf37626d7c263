"""An envelope as a file to take away."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.http import PersonRequest
from errors.envelopes import open_item, read_envelope, write_envelope
from errors.files import clean_name
from errors.models import StoredItem
from errors.views.away import needs_payloads
from errors.views.issue_page import find_event_of, find_issue


@login_required
@require_GET
@needs_payloads
def event_envelope(request: PersonRequest, slug: str, number: int, event: str) -> HttpResponse:
    """The event with all that came beside it."""
    page = find_issue(request, slug, number)
    found = find_event_of(page, event)
    if found is None:
        raise Http404("This issue has no such event.")
    return download_envelope(found.project_id, found.pk, name=found.event_id.hex)


def download_envelope(project_id: int, row_id: int, *, name: str) -> HttpResponse:
    """The scrubbed envelope that the inbox numbered `row_id`, as the file `name`.envelope.

    Raises Http404 when nothing of it is kept. The caller has checked who may read the project.
    """
    envelope = read_envelope(project_id, row_id)
    if envelope is None:
        raise Http404("Nothing of this envelope is kept.")
    return _as_file(
        write_envelope(envelope), f"{name}.envelope", content_type="application/x-sentry-envelope"
    )


def download_item(item: StoredItem) -> HttpResponse:
    """One item's scrubbed payload as a file. The caller has checked who may read the project."""
    name = clean_name(f"{item.type}-{item.envelope_id}-{item.position}")
    return _as_file(open_item(item).payload, name, content_type="application/octet-stream")


def _as_file(content: bytes, name: str, *, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "X-Content-Type-Options": "nosniff",
        },
    )
