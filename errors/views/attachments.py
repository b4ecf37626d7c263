"""A file that an application sent: always taken away, never run in a page of this site."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.http import PersonRequest
from errors.models import Attachment
from errors.storage.attachments import read_attachment
from errors.views.away import needs_payloads

# Whatever a browser takes it for, it may load nothing and run nothing.
POLICY = "default-src 'none'; sandbox"


@login_required
@require_GET
@needs_payloads
def attachment(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """The file, to be saved."""
    found = _find(request, slug, pk)
    return download_attachment(found)


@login_required
@require_GET
@needs_payloads
def attachment_preview(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """A picture, for the page that shows it; Http404 for all other files."""
    found = _find(request, slug, pk)
    if not found.image_type:
        raise Http404("This file is no picture.")
    return download_attachment(found, content_type=found.image_type)


def download_attachment(
    attachment: Attachment, *, content_type: str = "application/octet-stream"
) -> HttpResponse:
    """The file as a download. Raises Http404 where its content was not kept, PayloadsAwayError.

    The caller has checked who may read the project.
    """
    content = read_attachment(attachment)
    if content is None:
        raise Http404("The content of this file is not kept.")
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, attachment.name)
            or "attachment",
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, max-age=3600",
        },
    )


def _find(request: PersonRequest, slug: str, pk: int) -> Attachment:
    """A file of a project that this person may see. Raises Http404: others learn nothing of it."""
    files = Attachment.objects.visible_to(request.user)
    return get_object_or_404(files, project__slug=slug, pk=pk)
