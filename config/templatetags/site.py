"""Tags and filters of the frame and the components."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.wording import describe_age, describe_moment, describe_size, shorten_number

register = template.Library()


# A list draws the same few for each row.
@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of static/icons.svg; decoration unless it has a label."""
    source = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" width="16" height="16" role="img" aria-label="{}">'
            '<use href="{}"/></svg>',
            label,
            source,
        )
    return format_html(
        '<svg class="icon" width="16" height="16" aria-hidden="true"><use href="{}"/></svg>',
        source,
    )


@register.filter
def age(moment: datetime) -> str:
    """How long ago, for a column: "2 min"."""
    return describe_age(moment, timezone.localtime())


@register.filter
def ago(moment: datetime) -> str:
    """How long ago, for running text: "2 min ago"."""
    return describe_moment(moment, timezone.localtime())


@register.filter
def exact(moment: datetime) -> str:
    """The moment to the second, in the person's zone and with its name."""
    local = timezone.localtime(moment)
    # Django's own formatting costs ten times as much, and lists show a hundred of them.
    return f"{local.day} {local:%b %Y, %H:%M:%S} {local.tzname()}"


@register.filter
def iso(moment: datetime) -> str:
    """The moment for machines: "2026-11-03T09:12:45.120000+00:00"."""
    return timezone.localtime(moment).isoformat()


@register.filter
def short(number: int) -> str:
    """The number in at most five characters."""
    return shorten_number(number)


@register.filter
def size(size_bytes: int) -> str:
    """The size with its unit."""
    return describe_size(size_bytes)


@register.filter
def initials(name: str) -> str:
    """One or two letters for an avatar: "ana.lind" gives AL."""
    parts = [part for part in name.replace("-", ".").replace("_", ".").split(".") if part]
    return "".join(part[0] for part in parts[:2]).upper()
