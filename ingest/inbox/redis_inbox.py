"""The inbox of many processes and hosts: Redis Streams, sharded by project."""

import asyncio
import concurrent.futures
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import structlog
from redis import Redis
from redis.client import Pipeline

from common.row_ids import received_at_of
from ingest.inbox.base import (
    InboxUnavailable,
    Message,
    Notify,
    Source,
    StoreState,
    encode_meta,
    read_state,
    tell_nobody,
)
from ingest.inbox.futures import RowIdFuture, settle
from ingest.inbox.redis_durability import Durability, read_info, refusals_of
from ingest.inbox.redis_reader import RedisSource
from ingest.inbox.redis_store import SHARDS, connection_options, key, translated
from ingest.inbox.redis_writer import RedisWriter

log = structlog.get_logger(__name__)

NAME = "Redis"
# Whoever has not renewed what it was given for so long is taken for dead.
LEASE_S = 15.0
# Reading waits longer than an append may: nobody stands in a queue behind it.
READ_TIMEOUT_S = 10.0
# For event loops, which must not wait themselves.
APPENDING_THREADS = 16
# People and health checks ask for figures, and want an answer.
ASK_TIMEOUT_S = 1.5
# Larger bodies lie beside the stream, so that what is read at once stays below 7 MB.
INLINE_BYTES = 32 * 1024


class RedisInbox:
    """An Inbox (ingest.inbox.base) on Redis 7 or later; its sources have the numbers 1 to 32.

    shards:    over how many of them new messages spread, by project. All are read, so that a
               smaller number later leaves nothing behind.
    on_append: called by the thread that appends when messages came to a source that no worker is
               being woken for: at most once a second over all processes, until the digest has
               found the source empty. Also when a batch was full and another worker is wanted.
    on_empty:  called by a read that has found nothing, before it looks once more.
    """

    def __init__(
        self,
        url: str,
        *,
        shards: int,
        max_bytes: int,
        inline_bytes: int = INLINE_BYTES,
        lease_s: float = LEASE_S,
        on_append: Notify = tell_nobody,
        on_empty: Notify = tell_nobody,
    ) -> None:
        self._shards = shards
        self._client = Redis.from_url(url, **connection_options(READ_TIMEOUT_S))
        self._asking = Redis.from_url(url, **connection_options(ASK_TIMEOUT_S))
        self._durability = Durability(self._asking)
        self._writer = RedisWriter(
            url,
            max_bytes=max_bytes,
            inline_bytes=inline_bytes,
            on_append=on_append,
        )
        self._threads = ThreadPoolExecutor(APPENDING_THREADS, "inbox")
        consumer = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._sources = [
            RedisSource(
                self._client,
                number,
                consumer=consumer,
                lease_s=lease_s,
                on_append=on_append,
                on_empty=on_empty,
            )
            for number in SHARDS
        ]
        self._lease_s = lease_s
        self._closing = threading.Event()
        self._renewer = threading.Thread(target=self._renew, name="inbox-leases", daemon=True)
        self._renewer.start()

    @property
    def sources(self) -> Sequence[Source]:
        return self._sources

    def append(self, message: Message) -> concurrent.futures.Future[int]:
        """As Inbox.append; done when it returns, for it waits for Redis's answer."""
        future: concurrent.futures.Future[int] = concurrent.futures.Future()
        self._append(message, future)
        return future

    def append_soon(self, message: Message) -> asyncio.Future[int]:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._threads.submit(self._append, message, future)
        return future

    def _append(self, message: Message, future: RowIdFuture) -> None:
        source = 1 + message.project_id % self._shards
        outcome: int | Exception
        try:
            outcome = self._writer.append(source, encode_meta(message), message.body)
        except Exception as error:
            # Whatever it is: whoever waits would wait for ever, as the thread's own end is silent.
            outcome = error
        settle([(future, outcome)])

    def depth(self) -> int:
        return sum(self._ask_shards(lambda pipeline, shard: pipeline.xlen(key(shard, "stream"))))

    def pending_bytes(self) -> int:
        held = self._ask_shards(lambda pipeline, shard: pipeline.hget(key(shard, "state"), "bytes"))
        return sum(int(held_bytes or 0) for held_bytes in held)

    def oldest_age(self) -> float:
        oldest = self._ask_shards(
            lambda pipeline, shard: pipeline.xrange(key(shard, "stream"), count=1)
        )
        row_ids = [int(rows[0][0].partition(b"-")[0]) for rows in oldest if rows]
        if not row_ids:
            return 0.0
        return max(0.0, time.time() - received_at_of(min(row_ids)).timestamp())

    def warnings(self) -> list[str]:
        """A sentence for each setting of Redis that can lose messages. Raises InboxUnavailable."""
        with translated(self._asking):
            return self._durability.warnings()

    def state(self) -> Sequence[StoreState]:
        try:
            with translated(self._asking):
                refusals = refusals_of(read_info(self._asking))
            return (read_state(NAME, self, [*refusals, *self.warnings()]),)
        except InboxUnavailable as error:
            return (StoreState(NAME, str(error)),)

    def close(self) -> None:
        self._threads.shutdown()
        self._writer.close()
        self._closing.set()
        self._renewer.join()
        for source in self._sources:
            # What cannot be given back now comes again when the lease has run out.
            with suppress(InboxUnavailable):
                source.close()
        self._client.close()
        self._asking.close()

    def _ask_shards(self, ask: Callable[[Pipeline, int], object]) -> list[Any]:
        """What each shard answers, in one round trip."""
        with translated(self._asking), self._asking.pipeline(transaction=False) as pipeline:
            for number in SHARDS:
                ask(pipeline, number)
            return list(pipeline.execute())

    def _renew(self) -> None:
        """Keep what this process holds, and look at Redis's settings, until it closes."""
        while not self._closing.wait(self._lease_s / 3):
            try:
                for source in self._sources:
                    source.renew()
                self.warnings()
            except InboxUnavailable as error:
                log.warning("inbox.lease_not_renewed", error=str(error))
            except Exception:
                # Without this thread others would take what this process is at work on.
                log.exception("inbox.lease_not_renewed")
