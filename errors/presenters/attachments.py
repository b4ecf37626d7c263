"""Files as pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from common.wording import describe_size
from errors.models import Attachment

# What browsers are asked to show of a page's pictures at most.
MAX_PREVIEW_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileView:
    """A file: what it says it is, its size as it came, where it is. "" where there is no such."""

    name: str
    type: str
    size: str
    href: str
    preview_href: str


def present_files(attachments: Iterable[Attachment], slug: str) -> list[FileView]:
    """Each file of one project, by its slug."""
    return [_present(each, slug) for each in attachments]


def _present(attachment: Attachment, slug: str) -> FileView:
    place = [slug, attachment.pk]
    is_shown = attachment.image_type and attachment.size_bytes <= MAX_PREVIEW_BYTES
    return FileView(
        name=attachment.name,
        type=" · ".join(filter(None, (attachment.content_type, _kind(attachment.type)))),
        size=describe_size(attachment.size_bytes),
        href=reverse("attachment", args=place) if attachment.has_content else "",
        preview_href=reverse("attachment_preview", args=place) if is_shown else "",
    )


def _kind(attachment_type: str) -> str:
    """Without what every attachment is: "event.view_hierarchy" becomes "view hierarchy"."""
    kind = attachment_type.removeprefix("event.").replace("_", " ")
    return "" if kind == "attachment" else kind
