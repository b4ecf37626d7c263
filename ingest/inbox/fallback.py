"""Two inboxes as one: what the first cannot take now goes to the second; both are digested."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog

from ingest.inbox.base import Inbox, InboxFull, InboxUnavailable, Message, Source, StoreState
from ingest.inbox.futures import RowIdFuture, settle_one

log = structlog.get_logger(__name__)

T = TypeVar("T")

# So long the first one is left alone before somebody looks whether it is back.
PAUSE_S = 3.0


class FallbackInbox:
    """An Inbox (ingest.inbox.base) of two, which it closes.

    A message that the first one failed to answer for goes to the second with the same receipt:
    stored in both, it counts once. From then on all go to the second at once, until a thread has
    found the first one back: its time-out is waited for once, not by every request. A first inbox
    that is full is no reason to use the second.
    """

    def __init__(self, first: Inbox, second: Inbox, *, pause_s: float = PAUSE_S) -> None:
        self._first = first
        self._second = second
        self._pause_s = pause_s
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._is_away = False

    @property
    def sources(self) -> Sequence[Source]:
        return (*self._first.sources, *self._second.sources)

    def append(self, message: Message) -> concurrent.futures.Future[int]:
        if self._is_away:
            return self._second.append(message)
        answer: concurrent.futures.Future[int] = concurrent.futures.Future()
        follow = partial(self._follow, answer, partial(self._second.append, message))
        self._first.append(message).add_done_callback(follow)
        return answer

    def append_soon(self, message: Message) -> asyncio.Future[int]:
        if self._is_away:
            return self._second.append_soon(message)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        follow = partial(self._follow, answer, partial(self._second.append_soon, message))
        self._first.append_soon(message).add_done_callback(follow)
        return answer

    def depth(self) -> int:
        return sum(self._ask(lambda inbox: inbox.depth()))

    def oldest_age(self) -> float:
        return max(self._ask(lambda inbox: inbox.oldest_age()))

    def pending_bytes(self) -> int:
        return sum(self._ask(lambda inbox: inbox.pending_bytes()))

    def state(self) -> Sequence[StoreState]:
        return (*self._first.state(), *self._second.state())

    def close(self) -> None:
        self._closing.set()
        # In this order: what the first one cannot write any more goes to the second.
        self._first.close()
        self._second.close()

    def _follow(
        self, answer: RowIdFuture, append_again: Callable[[], RowIdFuture], first: RowIdFuture
    ) -> None:
        """Pass on what the first one answered, or ask the second; never waits."""
        error = first.exception()
        if not isinstance(error, InboxUnavailable):
            settle_one(answer, error or first.result())
            return
        self._note_away(error)
        try:
            second: Any = append_again()
        except InboxFull as full:
            settle_one(answer, full)
            return
        second.add_done_callback(partial(_pass_on, answer))

    def _note_away(self, error: InboxUnavailable) -> None:
        with self._lock:
            if self._is_away or self._closing.is_set():
                return
            self._is_away = True
        log.warning("inbox.falls_back", error=str(error))
        threading.Thread(target=self._look_again, name="inbox-look", daemon=True).start()

    def _look_again(self) -> None:
        """Wait until the first one can be read; whether it can be written shows by itself."""
        while not self._closing.wait(self._pause_s):
            try:
                self._first.depth()
            except InboxUnavailable:
                continue
            except Exception:
                # Without this thread the first one would never be used again.
                log.exception("inbox.look_failed")
                continue
            self._is_away = False
            log.info("inbox.falls_back_no_more")
            return

    def _ask(self, ask: Callable[[Inbox], T]) -> list[T]:
        """What those say that can be reached. Raises InboxUnavailable when none can."""
        answers = []
        errors = []
        for inbox in (self._first, self._second):
            try:
                answers.append(ask(inbox))
            except InboxUnavailable as error:
                errors.append(error)
        if not answers:
            raise errors[0]
        return answers


def _pass_on(answer: RowIdFuture, second: RowIdFuture) -> None:
    settle_one(answer, second.exception() or second.result())
