"""What is refused goes to the log and into the statistics."""

import time
from collections.abc import Callable

import structlog

from common.data_categories import DEFAULT, ERROR, MONITOR, SECURITY
from ingest.accept import AcceptRequest, read_project_id, well_formed_keys
from ingest.errors import IngestError
from ingest.keys import KeyNotCached, key_cache
from ingest.protocol.auth import KnownKey
from projects.statistics import Counted, Outcome, hour_at, tally
from projects.statistics.outcomes import NO_PROJECT

log = structlog.get_logger(__name__)

LOGGED_REFUSALS_A_SECOND = 10
_BY_STATUS = {
    400: (Outcome.INVALID, "malformed"),
    401: (Outcome.INVALID, "no_key"),
    403: (Outcome.INVALID, "unknown_key"),
    408: (Outcome.INVALID, "timeout"),
    413: (Outcome.INVALID, "too_large"),
    415: (Outcome.INVALID, "encoding"),
    503: (Outcome.LIMITED, "overloaded"),
}
_BY_ENDPOINT = {"store": ERROR, "minidump": ERROR, "cron": MONITOR, "security": SECURITY}


class RefusalLog:
    """Says in the log what was refused and why, a bounded number of times a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._second = 0
        self._logged = 0
        self._left_out = 0

    def note(self, request: AcceptRequest, error: IngestError, request_id: str) -> None:
        """Log the refusal; above the bound it is only counted, and the next line says how many."""
        second = int(self._clock())
        if second != self._second:
            self._second, self._logged = second, 0
        self._logged += 1
        if self._logged > LOGGED_REFUSALS_A_SECOND:
            self._left_out += 1
            return
        log.info(
            "ingest.refused",
            status=error.status,
            detail=error.detail,
            causes=error.causes,
            endpoint=request.endpoint,
            project=request.project[:20],
            request_id=request_id,
            left_out=self._left_out,
        )
        self._left_out = 0


refusal_log = RefusalLog()


def note_refusal(request: AcceptRequest, error: IngestError, request_id: str) -> None:
    """Log the refusal and count it. Limits count for themselves, by category."""
    refusal_log.note(request, error, request_id)
    if error.status not in _BY_STATUS:
        return
    outcome, reason = _BY_STATUS[error.status]
    key = _known_key(request)
    project_id = _project_of(request, key)
    if error.status == 403 and key is not None:
        reason = _why_refused(key, project_id)
    category = error.category or _BY_ENDPOINT.get(request.endpoint, DEFAULT)
    tally.note(Counted(project_id, hour_at(time.time()), outcome, category, reason))


def _known_key(request: AcceptRequest) -> KnownKey | None:
    """The one key of the request, where it is remembered; nobody waits for it here."""
    keys = set(well_formed_keys(request))
    if len(keys) != 1:
        return None
    try:
        return key_cache.peek(keys.pop())
    except KeyNotCached:
        return None


def _project_of(request: AcceptRequest, key: KnownKey | None) -> int:
    """The key's project if the address names it: nobody else changes a project's numbers."""
    try:
        is_its_own = key is not None and read_project_id(request.project) == key.project_id
    except IngestError:
        return NO_PROJECT
    return key.project_id if key is not None and is_its_own else NO_PROJECT


def _why_refused(key: KnownKey, project_id: int) -> str:
    if project_id == NO_PROJECT:
        return "foreign_key"
    return "origin" if key.is_active else "revoked_key"
