"""Reading one shard: a consumer group, any number of processes, a lease on what each was given."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import ResponseError

from ingest.inbox.base import Delivery, Notify, batch_limit, decode_meta
from ingest.inbox.redis_store import (
    ACKNOWLEDGE,
    ENTRY_BYTES,
    FORGET_CONSUMERS,
    GROUP,
    WAKE_MS,
    is_no_group,
    key,
    run_script,
    size_of,
    translated,
)

log = structlog.get_logger(__name__)

# Who holds what was given back; nobody renews its leases.
NOBODY = "given-back"
# Longer than any lease.
GIVEN_BACK_MS = 24 * 3600 * 1000
# Consumers that have held nothing for so long are forgotten.
CONSUMER_IDLE_MS = 3600 * 1000
FORGET_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as the stream holds it; body is None where it lies in the shard's bodies."""

    row_id: int
    meta: bytes
    body: bytes | None
    body_bytes: int
    deliveries: int

    @property
    def size(self) -> int:
        """What it counts against the inbox's bound."""
        return len(self.meta) + self.body_bytes + ENTRY_BYTES


class RedisSource:
    """A Source (ingest.inbox.base): one shard, as one process reads it.

    on_append is called when a batch was full and another worker is wanted; on_empty as in an
    Inbox's other sources.
    """

    def __init__(
        self,
        client: Redis,
        number: int,
        *,
        consumer: str,
        lease_s: float,
        on_append: Notify,
        on_empty: Notify,
    ) -> None:
        self.number = number
        self._client = client
        self._consumer = consumer
        self._lease_ms = int(lease_s * 1000)
        self._on_append = on_append
        self._on_empty = on_empty
        self._lock = threading.Lock()
        # Nothing is renewed while it is given back.
        self._leases = threading.Lock()
        self._closing = threading.Event()
        self._stream = key(number, "stream")
        # Given to this process, but beyond a batch's bytes; then what was handed out.
        self._waiting: list[Entry] = []
        self._held: dict[int, tuple[Entry, Delivery]] = {}
        # Whether nobody here works on it, and Redis could not be told: others may have it.
        self._is_left = False
        # Whether Redis may have given this process more than it heard of.
        self._is_unsure = False
        # Whether the last read found something new.
        self._was_busy = False
        self._look_for_dead_at = 0.0
        self._forget_at = 0.0

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        with self._lock, translated(self._client):
            self._is_left = False
            if not self._held:
                self._read_next(max_messages, max_bytes, linger_ms / 1000)
            return [delivery for _, delivery in self._held.values()][:max_messages]

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        with self._lock, translated(self._client):
            arguments: list[int] = []
            for delivery in deliveries:
                held = self._held.get(delivery.row_id)
                size = held[0].size if held else size_of(delivery.message)
                arguments += (delivery.row_id, size)
            self._run(ACKNOWLEDGE, ("state", "stream", "bodies"), *arguments)
            for delivery in deliveries:
                self._held.pop(delivery.row_id, None)

    def give_back(self) -> None:
        with self._lock:
            self._is_left = True
            self._give_back()

    def _give_back(self) -> None:
        with self._leases, translated(self._client):
            entries = [entry for entry, _ in self._held.values()] + self._waiting
            by_crashes: dict[int, list[int]] = {}
            for entry in entries:
                by_crashes.setdefault(entry.deliveries - 1, []).append(entry.row_id)
            for crashes, row_ids in by_crashes.items():
                self._claim_ids(NOBODY, row_ids, idle=GIVEN_BACK_MS, retrycount=crashes)
            self._held.clear()
            self._waiting.clear()
            self._is_left = False
            self._look_for_dead_at = 0.0

    def renew(self) -> None:
        """Hold on to what this process was given, or try again to give it back.

        Raises InboxUnavailable.
        """
        if self._is_left and self._lock.acquire(blocking=False):
            try:
                if self._is_left:
                    self._give_back()
            finally:
                self._lock.release()
            return
        with self._leases, translated(self._client):
            # Not under the reading lock, which may be held for long: list() copies in one step.
            row_ids = [*list(self._held), *(entry.row_id for entry in list(self._waiting))]
            if row_ids:
                self._claim_ids(self._consumer, row_ids)

    def close(self) -> None:
        """Give everything back, and forget this consumer. Raises InboxUnavailable."""
        self._closing.set()
        self.give_back()
        with translated(self._client):
            self._forget_consumers(0)

    def _read_next(self, max_messages: int, max_bytes: int, linger_s: float) -> None:
        """Hold the next batch; what fails on the way is met again by the next read."""
        if not self._waiting and self._is_unsure:
            self._waiting = self._unheard(max_messages)
        if not self._waiting:
            self._is_unsure = True
            self._waiting = self._left_by_dead(max_messages)
            if not self._waiting:
                self._waiting = self._new(max_messages, max_bytes, linger_s)
            self._is_unsure = False
        batch = _within(self._waiting, max_messages, max_bytes)
        bodies = self._large_bodies(batch)
        for entry in batch:
            body = bodies[entry.row_id] if entry.body is None else entry.body
            message = decode_meta(entry.meta, body)
            self._held[entry.row_id] = entry, Delivery(entry.row_id, message, entry.deliveries)
        del self._waiting[: len(batch)]

    def _unheard(self, max_messages: int) -> list[Entry]:
        """What Redis gave this process in an answer that never came."""
        pending = _alike(self._pending(max_messages, consumername=self._consumer))
        if not pending:
            return []
        deliveries = pending[0]["times_delivered"]
        return self._claim(pending, deliveries, min_idle_ms=0)

    def _left_by_dead(self, max_messages: int) -> list[Entry]:
        """What readers left that died or gave it back."""
        if time.monotonic() < self._look_for_dead_at:
            return []
        pending = _alike(self._pending(max_messages, idle=self._lease_ms))
        if not pending:
            self._look_for_dead_at = time.monotonic() + self._lease_ms / 3000
            self._forget_now_and_then()
            return []
        crashes = pending[0]["times_delivered"]
        limit = batch_limit(max_messages, crashes)
        return self._claim(pending[:limit], crashes + 1, min_idle_ms=self._lease_ms)

    def _new(self, max_messages: int, max_bytes: int, linger_s: float) -> list[Entry]:
        entries = self._read_new(max_messages)
        missing = max_messages - len(entries)
        is_short = missing > 0 and sum(entry.size for entry in entries) < max_bytes
        # Where nothing comes, nobody lingers; where something came, more will.
        if is_short and linger_s and (entries or self._was_busy):
            self._closing.wait(linger_s)
            entries += self._read_new(missing)
        if not entries:
            self._client.delete(key(self.number, "woken"))
            self._on_empty(self.number)
            entries = self._read_new(max_messages)
        self._was_busy = bool(entries)
        if entries:
            self._tell_appenders(is_full=len(entries) == max_messages)
        return entries

    def _tell_appenders(self, *, is_full: bool) -> None:
        """Somebody reads here, so that no wake-up is due; or one more may help, once a second."""
        if not is_full:
            self._client.set(key(self.number, "woken"), 1, px=WAKE_MS)
        elif self._client.set(key(self.number, "crowded"), 1, nx=True, px=WAKE_MS):
            self._on_append(self.number)

    def _read_new(self, count: int) -> list[Entry]:
        try:
            answer = self._read_group(count)
        except ResponseError as error:
            if not is_no_group(error):
                raise
            if not self._client.exists(self._stream):
                return []
            # New, or it vanished with all that Redis held.
            self._make_group()
            answer = self._read_group(count)
        return [_entry(row, 1) for _, rows in answer for row in rows]

    def _read_group(self, count: int) -> Any:
        return self._client.xreadgroup(GROUP, self._consumer, {self._stream: ">"}, count=count)

    def _make_group(self) -> None:
        try:
            self._client.xgroup_create(self._stream, GROUP, id="0")
        except ResponseError as error:
            # Another process was quicker.
            if not str(error).startswith("BUSYGROUP"):
                raise

    def _pending(self, count: int, **which: Any) -> list[Any]:
        """Of messages that were given to a reader: message_id, times_delivered."""
        try:
            return list(self._client.xpending_range(self._stream, GROUP, "-", "+", count, **which))
        except ResponseError as error:
            if is_no_group(error):
                return []
            raise

    def _claim(self, pending: Sequence[Any], deliveries: int, *, min_idle_ms: int) -> list[Entry]:
        """Take these messages over, unless somebody was quicker, and set their count."""
        ids = [one["message_id"] for one in pending]
        rows = self._client.xclaim(
            self._stream, GROUP, self._consumer, min_idle_ms, ids, retrycount=deliveries
        )
        return [_entry(row, deliveries) for row in rows]

    def _claim_ids(self, consumer: str, row_ids: Sequence[int], **options: Any) -> None:
        ids: list[Any] = [f"{row_id}-0" for row_id in row_ids]
        self._client.xclaim(self._stream, GROUP, consumer, 0, ids, justid=True, **options)

    def _forget_now_and_then(self) -> None:
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + FORGET_EVERY_S
            self._forget_consumers(CONSUMER_IDLE_MS)

    def _forget_consumers(self, idle_ms: int) -> None:
        self._run(FORGET_CONSUMERS, ("stream",), idle_ms)

    def _large_bodies(self, batch: Sequence[Entry]) -> dict[int, bytes]:
        """The bodies that lie beside the stream; empty, so that it ends in quarantine, if gone."""
        row_ids = [entry.row_id for entry in batch if entry.body is None]
        if not row_ids:
            return {}
        found: Any = self._client.hmget(key(self.number, "bodies"), row_ids)
        for row_id, body in zip(row_ids, found, strict=True):
            if body is None:
                log.error("inbox.body_missing", row_id=row_id)
        return {row_id: body or b"" for row_id, body in zip(row_ids, found, strict=True)}

    def _run(self, script: str, parts: Sequence[str], *arguments: Any) -> None:
        keys = [key(self.number, part) for part in parts]
        run_script(self._client, script, keys, GROUP, *arguments)


def _entry(row: Any, deliveries: int) -> Entry:
    entry_id, fields = row
    body = fields.get(b"body")
    body_bytes = int(fields[b"large"]) if body is None else len(body)
    return Entry(int(entry_id.partition(b"-")[0]), fields[b"meta"], body, body_bytes, deliveries)


def _alike(pending: Sequence[Any]) -> list[Any]:
    """The first ones that were delivered equally often."""
    return [one for one in pending if one["times_delivered"] == pending[0]["times_delivered"]]


def _within(entries: Sequence[Entry], max_messages: int, max_bytes: int) -> list[Entry]:
    """The first entries within both limits, but at least one."""
    batch: list[Entry] = []
    for entry in entries[:max_messages]:
        max_bytes -= entry.size
        if batch and max_bytes < 0:
            break
        batch.append(entry)
    return batch
