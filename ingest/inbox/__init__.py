"""The process's one inbox."""

import os
import threading

from django.conf import settings
from django.db import connection

from ingest.inbox.base import Inbox, InboxUnavailable, Message
from ingest.inbox.fallback import FallbackInbox
from ingest.inbox.postgres import PostgresInbox
from ingest.inbox.redis_inbox import RedisInbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.wake import send_wake_up, wake_digest, wake_used_up

# Stores that are away say so sooner; this only keeps a fault of ours from taking the thread.
APPEND_TIMEOUT_S = 15.0

_lock = threading.Lock()
_inbox: Inbox | None = None


def get_inbox() -> Inbox:
    """The inbox that the settings name, opened at the first call."""
    global _inbox
    if _inbox is None:
        with _lock:
            if _inbox is None:
                _inbox = _open_inbox()
    return _inbox


def set_inbox(inbox: Inbox | None) -> None:
    """Take this one instead; None: open the settings' one at the next call."""
    global _inbox
    _inbox = inbox


def append_and_wait(message: Message) -> int:
    """Append, and wait until the bytes are on disk; returns the message's row id.

    Raises: InboxFull, InboxUnavailable.
    """
    try:
        return get_inbox().append(message).result(APPEND_TIMEOUT_S)
    except TimeoutError as error:
        raise InboxUnavailable("The inbox did not answer.") from error


def _open_inbox() -> Inbox:
    max_bytes = settings.INBOX_MAX_BYTES
    if settings.INBOX_IS_SHARED:
        # Redis itself tells when a wake-up is due.
        shards = settings.INBOX_SHARDS
        redis = RedisInbox(
            settings.REDIS_URL, shards=shards, max_bytes=max_bytes, on_append=send_wake_up
        )
        postgres = PostgresInbox(
            connection.get_connection_params(),
            max_bytes=max_bytes,
            on_append=wake_digest,
            on_empty=wake_used_up,
        )
        return FallbackInbox(redis, postgres)
    return SqliteInbox(
        settings.DATA_DIR / "inbox.sqlite3",
        max_bytes=max_bytes,
        spool_bytes=settings.SPOOL_BYTES,
        on_append=wake_digest,
        on_empty=wake_used_up,
    )


def _start_anew() -> None:
    """A forked child has neither the inbox's threads nor a right to its connections."""
    global _lock, _inbox
    _lock, _inbox = threading.Lock(), None


os.register_at_fork(after_in_child=_start_anew)
