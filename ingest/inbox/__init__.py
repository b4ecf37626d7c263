"""The process's one inbox."""

import os
import threading

from django.conf import settings

from ingest.inbox.base import Inbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.wake import wake_digest, wake_used_up

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


def _open_inbox() -> Inbox:
    return SqliteInbox(
        settings.DATA_DIR / "inbox.sqlite3",
        max_bytes=settings.INBOX_MAX_BYTES,
        spool_bytes=settings.SPOOL_BYTES,
        on_append=wake_digest,
        on_empty=wake_used_up,
    )


# A forked child has neither the writer's thread nor a right to its connections.
os.register_at_fork(after_in_child=lambda: set_inbox(None))
