"""What all kinds of reports share: the issue that one becomes, its texts and its addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

# Above the longest sentence of a browser, below what would fill a page.
MAX_TEXT = 500


@dataclass(frozen=True, slots=True)
class Report:
    """A report as an issue sees it.

    logger:      which kind of report it is.
    title:       for people.
    fingerprint: reports with the same one are one issue.
    url:         the page or the address that it is about, "" when it does not say.
    facts:       everything that it says, for the event's page.
    age_s:       how long ago it happened, by the browser's clock.
    """

    logger: str
    title: str
    fingerprint: list[str]
    level: str = "error"
    url: str = ""
    user_agent: str = ""
    referrer: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    age_s: float = 0.0


def text_of(fields: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text or a number, cut to MAX_TEXT; "" without one."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            return str(value).strip()[:MAX_TEXT]
    return ""


def host_of(url: str) -> str:
    """The host of an address, in lower case; "" when it is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def scheme_of(url: str) -> str:
    """The scheme of an address, which browsers also write alone; "" without one."""
    scheme, colon, _ = url.partition(":")
    return scheme.lower() if colon or "-" in scheme else ""
