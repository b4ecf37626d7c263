"""Secrets that are told by their looks: cards, IBANs, tokens, keys, passwords in URLs."""

import re
from collections.abc import Callable, Iterator

import re2

from errors.scrub.checksums import find_iban, is_card_number
from errors.scrub.spans import FILTERED, Span

# What stands before and after digits that are part of something longer: of a fraction, of an
# identifier with dashes, of a text that was cut.
BEFORE_PART = re.compile(r"(?:\d\.|\w-)$")
AFTER_PART = re.compile(r"\.\d|-\w|…")


def find_shapes(
    text: str, pattern: "re2._Regexp", is_sensitive: Callable[[str], bool]
) -> Iterator[Span]:
    """Yield where the secrets stand among the matches of `patterns.compile_shapes`."""
    for found in pattern.finditer(text):
        start, end = found.span()
        before, after = text[max(start - 2, 0) : start], text[end : end + 2]
        if span := secret_in(found.group(), before, after, is_sensitive):
            yield start + span[0], start + span[1]


def secret_in(
    found: str, before: str, after: str, is_sensitive: Callable[[str], bool]
) -> Span | None:
    """Return where the secret stands in a match, None where a closer look finds nothing."""
    kind = found[0]
    if kind == ":":
        return _unless_filtered(found, found.index(":", 3) + 1, len(found) - 1)
    if kind in "?&":
        name, _, _ = found[1:].partition("=")
        return _unless_filtered(found, len(name) + 2, len(found)) if is_sensitive(name) else None
    if kind in "bB" and found[:6].lower() == "bearer":
        return len(found) - len(found[6:].lstrip()), len(found)
    if not (kind.isdigit() or kind.isupper()):
        return 0, len(found)
    if BEFORE_PART.search(before) or AFTER_PART.match(after):
        return None
    length = len(found) * is_card_number(found) if kind.isdigit() else len(find_iban(found))
    return (0, length) if length else None


def _unless_filtered(found: str, start: int, end: int) -> Span | None:
    return None if found[start:end] == FILTERED else (start, end)
