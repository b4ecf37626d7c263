"""Telling those who wait what became of their messages."""

import asyncio
import concurrent.futures
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

RowIdFuture = concurrent.futures.Future[int] | asyncio.Future[int]
Outcome = tuple[concurrent.futures.Future[Any] | asyncio.Future[int], Any]


def settle(outcomes: Iterable[Outcome]) -> None:
    """Give each future its result, or raise it there when it is an exception.

    Waking an event loop costs more than a message, so each loop is woken once.
    """
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[Outcome]] = defaultdict(list)
    for future, result in outcomes:
        if isinstance(future, asyncio.Future):
            by_loop[future.get_loop()].append((future, result))
        else:
            settle_one(future, result)
    for loop, waiting in by_loop.items():
        # A loop that has been closed has nobody left who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_all, waiting)


def _settle_all(outcomes: list[Outcome]) -> None:
    for future, result in outcomes:
        settle_one(future, result)


def settle_one(future: concurrent.futures.Future[Any] | asyncio.Future[int], result: Any) -> None:
    """As settle; the future of an event loop only on its own thread."""
    # Who waited may cancel at any time, and no longer wants to know.
    with suppress(concurrent.futures.InvalidStateError, asyncio.InvalidStateError):
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
