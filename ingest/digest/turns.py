"""Which source of the inbox a worker digests next: the one it was woken for, then all in turn."""

import time
from collections.abc import Sequence

import structlog

from ingest.digest.loop import drain, stopping
from ingest.inbox.base import InboxUnavailable, Source

log = structlog.get_logger(__name__)

# A worker looks at the other sources this often, so that a busy one starves none of them.
SLICE_S = 2.0


def digest_in_turns(sources: Sequence[Source], number: int | None, budget_s: float) -> bool:
    """Digest the source of this number (None: all), and all of them where that takes long.

    Returns whether the time was over before all was digested.
    Raises: OperationalError, InterfaceError when the database stays away; the inbox keeps all.
    """
    stop_at = time.monotonic() + budget_s
    named = [source for source in sources if number in (None, source.number)]
    busy = _take_turns(named, stop_at)
    while busy and time.monotonic() < stop_at and not stopping.is_set():
        busy = _take_turns(sources, stop_at)
    return busy


def _take_turns(sources: Sequence[Source], stop_at: float) -> bool:
    """Give each source a slice; whether one of them had more than its slice could digest."""
    is_busy = [_digest_slice(source, stop_at) for source in sources]
    return any(is_busy)


def _digest_slice(source: Source, stop_at: float) -> bool:
    """Whether the slice ended before the source; one whose store is away keeps no other waiting."""
    try:
        return not drain(source, min(SLICE_S, stop_at - time.monotonic())).is_empty
    except InboxUnavailable as error:
        log.warning("digest.source_away", source=source.number, error=str(error))
        return False
