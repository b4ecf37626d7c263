"""What of a request is limited, and what is left of it then. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import zstandard

from common.data_categories import ATTACHMENT, ERROR, INTERNAL, MONITOR
from common.sliding_window import Limit
from ingest.accept import Admitted
from ingest.errors import IngestError
from ingest.inbox.base import Message
from ingest.protocol.auth import KnownKey
from ingest.protocol.categories import category_of, number_of
from ingest.protocol.envelope import (
    Envelope,
    EnvelopeError,
    Item,
    parse_envelope,
    write_envelope,
)
from projects.limits import Ask, Verdict

NEVER_LIMITED = frozenset({INTERNAL, MONITOR})
REASON = "rate_limit"


@dataclass(frozen=True, slots=True)
class Full:
    """A category that must wait, and whose limit says so: "project" or "key"."""

    category: str
    wait_s: int
    scope: str


@dataclass(frozen=True, slots=True)
class Passed:
    """What is left to append, and which limits the answer tells of."""

    message: Message
    full: tuple[Full, ...] = ()


def asks_for(admitted: Admitted) -> dict[str, Ask]:
    """What to ask the limiter about, by category; each category has windows of its own."""
    amounts: dict[str, int] = {}
    for item in admitted.envelope.items:
        category = category_of(item.type)
        if category not in NEVER_LIMITED:
            amounts[category] = amounts.get(category, 0) + number_of(item)
    return {
        category: Ask(amount, windows_of(admitted.key, category))
        for category, amount in amounts.items()
    }


def windows_of(key: KnownKey, category: str) -> tuple[tuple[str, Limit], ...]:
    """The windows of a category: the whole project's, and the key's own."""
    windows = (
        (f"project:{category}", key.project_limit),
        (f"key:{key.key_id}:{category}", key.limit),
    )
    return tuple((name, limit) for name, limit in windows if limit is not None)


def find_full(asks: Mapping[str, Ask], verdicts: Sequence[Verdict]) -> tuple[Full, ...]:
    """The categories that did not pass."""
    return tuple(
        Full(category, verdict.wait_s, ask.windows[verdict.full][0].partition(":")[0])
        for (category, ask), verdict in zip(asks.items(), verdicts, strict=True)
        if verdict.wait_s
    )


@dataclass(frozen=True, slots=True)
class Split:
    """An envelope's items that go, and the bytes of what stays; b"" when that is nothing."""

    gone: Sequence[Item]
    rest: bytes


def split(admitted: Admitted, full: tuple[Full, ...], *, max_bytes: int) -> Split:
    """Cut out what is full. An event takes its attachments along, which are nothing alone.

    max_bytes: what may come out of the inbox. An envelope that cannot be written within it, or
               within the bounds of a header, goes as a whole.
    """
    envelope = admitted.envelope
    gone = {each.category for each in full}
    if ERROR in gone and any(item.type == "event" for item in envelope.items):
        gone.add(ATTACHMENT)
    stay = [item for item in envelope.items if category_of(item.type) not in gone]
    go = [item for item in envelope.items if category_of(item.type) in gone]
    rest = write_envelope(Envelope(envelope.headers, stay)) if stay else b""
    if not stay or not _can_be_read(rest, max_bytes):
        return Split(envelope.items, b"")
    return Split(go, rest)


def _can_be_read(body: bytes, max_bytes: int) -> bool:
    try:
        parse_envelope(body)
    except EnvelopeError:
        return False
    return len(body) <= max_bytes


def keep(admitted: Admitted, rest: bytes, full: tuple[Full, ...]) -> Passed:
    """A message of what stays. Raises IngestError 429 when that is nothing."""
    if not rest:
        raise IngestError(
            429,
            "The project takes no more of this for now.",
            tuple(f"{each.category}: limit of the {each.scope}" for each in full),
            retry_after_s=max(each.wait_s for each in full),
            rate_limits=rate_limits_header(full),
        )
    body = zstandard.compress(rest, level=1)
    return Passed(replace(admitted.message, body=body, coding="zstd"), full)


def rate_limits_header(full: Sequence[Full]) -> str:
    """The value of X-Sentry-Rate-Limits, whole seconds; "" without a limit.

    Source: Sentry SDK documentation, "Rate Limiting", section Rate Limit Enforcement.
    """
    return ", ".join(f"{each.wait_s}:{each.category}:{each.scope}:{REASON}" for each in full)
