"""Secrets that the name before them gives away: in reprs, in JSON within texts, in assignments.

{'password': 'hunter2'}    {\\"token\\": \\"x\\"}    {'otp': 123456}    {'codes_otp': ['1', '2']}
password = "hunter2"    Login(password='hunter2')    dbname=shop password=hunter2
(b'cookie', b'sessionid=x')
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import re2

from errors.scrub.spans import FILTERED, Span

BRACKET_OR_QUOTE = re.compile(r"""[\[({\])}"']""")
PAIR_END = re.compile(r" *,? *(?:[)\]]|\Z)")
# What says that a secret would stand here.
PLACEHOLDER = re.compile(
    r"None|True|False|null|true|false|nil|undefined|(?:\w+ )?(?:%[sdr]|\$\d+|\?|\{[\w.]*\})"
)
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_.]*")
BRACKETS = tuple("[({")
AFTER_CODE = frozenset(",()[]{}")
# What follows a quote that closes a text, and how far back its opening is looked for.
AFTER_CLOSING = re.compile(r"[\s)\]},;.%+]")
LOOK_BACK = 200


class Named(NamedTuple):
    """A match of `patterns.compile_named`: its groups, in their order; None is no part of it."""

    key: str | None
    key_opening: str | None
    number: str | None
    variable: str | None
    variable_opening: str | None
    field: str | None
    bare: str | None
    first: str | None

    @property
    def name(self) -> str:
        """The name of the secret; of a dotted variable the last part."""
        if self.variable:
            return self.variable.rpartition(".")[2]
        return self.key or self.field or self.first or ""

    @property
    def container(self) -> str:
        """The match from the bracket on that opens a list or the like, "" without one."""
        opening = (self.key_opening or self.variable_opening or "").lstrip()
        return opening if opening.startswith(BRACKETS) else ""


def find_named(
    text: str, pattern: "re2._Regexp", is_sensitive: Callable[[str], bool]
) -> Iterator[Span]:
    """Yield where the values stand among the matches of `patterns.compile_named`."""
    done = 0
    for found in pattern.finditer(text):
        start, at = found.span()
        named = Named(*found.groups())
        if start < done or not is_sensitive(named.name):
            continue
        if span := _find_value(text, at, named, is_sensitive):
            yield span
            done = span[1]


def is_secret_bare(value: str, after: str, is_sensitive: Callable[[str], bool]) -> bool:
    """Tell whether what stands without quotes behind "token=" is a value.

    The character after it tells `password=hunter2` in a message from `password=raw_password,` in
    a line of code; where code ends with the line, that the value is the name of a secret.
    """
    if after in AFTER_CODE or PLACEHOLDER.fullmatch(value):
        return False
    return not (IDENTIFIER.fullmatch(value) and is_sensitive(value))


def _find_value(
    text: str, at: int, named: Named, is_sensitive: Callable[[str], bool]
) -> Span | None:
    """Return where the value stands to which a match leads that ends at `at`, None without one."""
    if named.bare:
        is_secret = is_secret_bare(named.bare, text[at : at + 1], is_sensitive)
        return (at - len(named.bare), at) if is_secret else None
    if named.number:
        return at - len(named.number), at
    if named.container:
        start = at - len(named.container)
        return start, _end_of_container(text, start)
    return _find_literal(text, at, named)


def _find_literal(text: str, at: int, named: Named) -> Span | None:
    end, after = _close_literal(text, at)
    value = text[at:end]
    if value in ("", FILTERED) or PLACEHOLDER.fullmatch(value):
        return None
    if named.variable and _is_closing(text, at):
        return None
    if named.first and not PAIR_END.match(text, after):
        return None
    return at, end


def _close_literal(text: str, at: int) -> Span:
    """Return the end of the literal that opens right before `at`, and of its closing quote.

    Within a text that was escaped once or more, the quotes that open and close have backslashes;
    one with more of them belongs to the value, unless that ends with a backslash itself: then too
    much is a secret rather than too little. What was cut ends with the text.
    """
    quote, depth = text[at - 1], _count_backslashes(text, at - 1, 0)
    end = text.find(quote, at)
    while end >= 0:
        backslashes = _count_backslashes(text, end, at)
        if backslashes <= depth:
            return end - backslashes, end + 1
        end = text.find(quote, end + 1)
    return len(text), len(text)


def _count_backslashes(text: str, at: int, start: int) -> int:
    count = 0
    while at - count > start and text[at - count - 1] == "\\":
        count += 1
    return count


def _end_of_container(text: str, at: int) -> int:
    """Return where the brackets are closed again that open at `at`."""
    depth = 0
    while found := BRACKET_OR_QUOTE.search(text, at):
        at = found.end()
        if found.group() in "\"'":
            _, at = _close_literal(text, at)
        else:
            depth += 1 if found.group() in "[({" else -1
            if depth == 0:
                return at
    return len(text)


def _is_closing(text: str, at: int) -> bool:
    """Tell whether the quote before `at` closes a text, as in `"token=" + token`."""
    if not AFTER_CLOSING.match(text, at):
        return False
    start = max(at - LOOK_BACK, 0)
    start = max(start, text.rfind("\n", start, at) + 1)
    return text.count(text[at - 1], start, at - 1) % 2 == 1
