"""What all shells share around admit: bounds on bodies and disk, one inbox."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from ingest.accept import Bounds
from ingest.disk import DiskGuard
from ingest.errors import IngestError
from ingest.inbox.base import InboxFull, InboxUnavailable

RETRY_AFTER_S = 10
MAX_LENGTH_DIGITS = 18
# Of the room for bodies, what those may take that name no key before their envelope does.
KEYLESS_SHARE = 4
# Of that room, what bodies leave to others once they are longer than an event usually is.
SMALL_SHARE = 4
SMALL_BODY_BYTES = 64 * 1024
# What is opened by everybody at once. Of more, 300 bytes may hold 20 MiB: a few at a time.
SMALL_OPENED_BYTES = 256 * 1024
LARGE_AT_ONCE = 2


class BodiesInFlight:
    """The bytes of all bodies that are being received or appended, bounded.

    small_bytes: of these, how many are kept for small bodies: four slow senders of large ones
                 would keep everybody out.
    """

    def __init__(self, max_bytes: int, small_bytes: int = 0) -> None:
        self._max_bytes = max_bytes
        self._small_bytes = small_bytes
        self._lock = threading.Lock()
        self._held_bytes = 0

    def add(self, count: int, *, is_small: bool = True) -> None:
        """Raises IngestError 503 when there would be too many."""
        room_bytes = self._max_bytes - (0 if is_small else self._small_bytes)
        with self._lock:
            if self._held_bytes + count > room_bytes:
                detail = "The site is receiving too much at once."
                raise IngestError(503, detail, retry_after_s=RETRY_AFTER_S)
            self._held_bytes += count

    def remove(self, count: int) -> None:
        """Give back what was added before."""
        with self._lock:
            self._held_bytes -= count


def announced_bytes(content_length: str) -> int:
    """The length that the header gives, -1 without one; what has too many digits is huge."""
    if not content_length.isdecimal():
        return -1
    digits = content_length.lstrip("0")
    return int(digits[: MAX_LENGTH_DIGITS + 1] or "0")


class Body:
    """One request's body, collected within bounds."""

    def __init__(self, in_flight: BodiesInFlight, max_bytes: int) -> None:
        self._in_flight = in_flight
        self._max_bytes = max_bytes
        self._chunks: list[bytes] = []
        self._held_bytes = 0

    def expect(self, content_length: str) -> None:
        """Refuse what announces itself as too large. Raises IngestError 413."""
        if announced_bytes(content_length) > self._max_bytes:
            raise self._too_large()

    def add(self, chunk: bytes) -> None:
        """Raises IngestError 413 or 503."""
        if self._held_bytes + len(chunk) > self._max_bytes:
            raise self._too_large()
        is_small = self._held_bytes + len(chunk) <= SMALL_BODY_BYTES
        self._in_flight.add(len(chunk), is_small=is_small)
        self._held_bytes += len(chunk)
        self._chunks.append(chunk)

    def has(self, announced: int) -> bool:
        """Whether so many bytes are here; False for -1, when none were announced."""
        return 0 <= announced <= self._held_bytes

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
        self.small = Bounds(
            self.bounds.body_bytes,
            min(self.bounds.envelope_bytes, SMALL_OPENED_BYTES),
            min(self.bounds.event_bytes, SMALL_OPENED_BYTES),
        )
        room = settings.MAX_INFLIGHT_BYTES
        # One body of the largest size has room, or it would be asked to come back for ever.
        for_small = min(room // SMALL_SHARE, max(0, room - self.bounds.body_bytes))
        self._in_flight = BodiesInFlight(room, for_small)
        self.keyless = BodiesInFlight(max(room // KEYLESS_SHARE, self.bounds.body_bytes))
        # Servers say themselves when theirs is full, and nothing else is written here.
        min_free = 0 if settings.INBOX_IS_SHARED else settings.MIN_FREE_DISK_PERCENT
        self._disk = DiskGuard(settings.DATA_DIR, min_free)

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


def _busy(detail: str) -> IngestError:
    return IngestError(503, detail, retry_after_s=RETRY_AFTER_S)
