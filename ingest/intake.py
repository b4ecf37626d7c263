"""What both shells share around admit: bounds on bodies and disk, one inbox, refusals."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings

from ingest.accept import AcceptRequest, Bounds
from ingest.disk import DiskGuard
from ingest.errors import IngestError
from ingest.inbox.base import InboxFull, InboxUnavailable

log = structlog.get_logger(__name__)

RETRY_AFTER_S = 10
MAX_LENGTH_DIGITS = 18
LOGGED_REFUSALS_A_SECOND = 10
# Of the room for bodies, what those may take that name no key before their envelope does.
KEYLESS_SHARE = 4


class BodiesInFlight:
    """The bytes of all bodies that are being received or appended, bounded."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._held_bytes = 0

    def add(self, count: int) -> None:
        """Raises IngestError 503 when there would be too many."""
        with self._lock:
            if self._held_bytes + count > self._max_bytes:
                detail = "The site is receiving too much at once."
                raise IngestError(503, detail, retry_after_s=RETRY_AFTER_S)
            self._held_bytes += count

    def remove(self, count: int) -> None:
        """Give back what was added before."""
        with self._lock:
            self._held_bytes -= count


class Body:
    """One request's body, collected within bounds."""

    def __init__(self, in_flight: BodiesInFlight, max_bytes: int) -> None:
        self._in_flight = in_flight
        self._max_bytes = max_bytes
        self._chunks: list[bytes] = []
        self._held_bytes = 0

    def expect(self, content_length: str) -> None:
        """Refuse what announces itself as too large. Raises IngestError 413."""
        digits = content_length.lstrip("0")
        if digits.isdecimal() and (
            len(digits) > MAX_LENGTH_DIGITS or int(digits) > self._max_bytes
        ):
            raise self._too_large()

    def add(self, chunk: bytes) -> None:
        """Raises IngestError 413 or 503."""
        if self._held_bytes + len(chunk) > self._max_bytes:
            raise self._too_large()
        self._in_flight.add(len(chunk))
        self._held_bytes += len(chunk)
        self._chunks.append(chunk)

    def move_to(self, in_flight: BodiesInFlight) -> None:
        """Count it there from now on. Raises IngestError 503."""
        in_flight.add(self._held_bytes)
        self._in_flight.remove(self._held_bytes)
        self._in_flight = in_flight

    def joined(self) -> bytes:
        """What was collected, copied only where it came in several chunks."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    def release(self) -> None:
        """Its bytes are no longer in flight. Once, when the request is answered."""
        self._in_flight.remove(self._held_bytes)

    def _too_large(self) -> IngestError:
        return IngestError(413, f"The body is larger than {self._max_bytes} bytes.")


class Intake:
    """The bounds of this process, from the settings."""

    def __init__(self) -> None:
        self.bounds = Bounds(
            settings.MAX_BODY_BYTES, settings.MAX_ENVELOPE_BYTES, settings.MAX_EVENT_BYTES
        )
        self._in_flight = BodiesInFlight(settings.MAX_INFLIGHT_BYTES)
        # One body of the largest size has room, or it would be asked to come back for ever.
        share = max(settings.MAX_INFLIGHT_BYTES // KEYLESS_SHARE, self.bounds.body_bytes)
        self.keyless = BodiesInFlight(share)
        self._disk = DiskGuard(settings.DATA_DIR, settings.MIN_FREE_DISK_PERCENT)

    @contextmanager
    def receiving(self, content_length: str) -> Iterator[Body]:
        """A body to collect; its bytes count as in flight until the request is answered.

        Raises IngestError: 503 with too little disk, 413; an inbox's fault inside becomes 503.
        """
        self._disk.check()
        body = Body(self._in_flight, self.bounds.body_bytes)
        body.expect(content_length)
        try:
            yield body
        except InboxFull as error:
            raise _busy("The inbox is full.") from error
        except InboxUnavailable as error:
            raise _busy("The inbox cannot be written now.") from error
        finally:
            body.release()


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


def _busy(detail: str) -> IngestError:
    return IngestError(503, detail, retry_after_s=RETRY_AFTER_S)


refusal_log = RefusalLog()
