"""Asking the process's limiter, from a thread or from an event loop."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from django.conf import settings

from common.addresses import network_of
from common.data_categories import DEFAULT
from common.sliding_window import Limit
from ingest.accept import AcceptRequest, Admitted
from ingest.errors import IngestError
from ingest.limits.envelopes import Full, Passed, asks_for, find_full, keep, split
from ingest.protocol.categories import quantities
from ingest.protocol.envelope import Item
from projects.limits import Ask, Verdict, get_limiter
from projects.statistics import Counted, Outcome, hour_at, tally
from projects.statistics.outcomes import NO_PROJECT

T = TypeVar("T")

# A check waits for Redis a quarter of a second at most, and seldom more than a millisecond.
THREADS = 4
ADDRESS_WINDOW_S = 60


def check_address(request: AcceptRequest) -> None:
    """Count a request against its client's address. Raises IngestError 429."""
    if _is_address_limited(request):
        _refuse_address(_address_wait_s(request.client_ip))


async def check_address_soon(request: AcceptRequest) -> None:
    """As check_address, for an event loop."""
    if _is_address_limited(request):
        _refuse_address(await _soon(lambda: _address_wait_s(request.client_ip)))


def pass_limits(admitted: Admitted) -> Passed:
    """Count what a request brings, and leave out what its project or key takes no more of.

    Raises: IngestError 429 when nothing is left.
    """
    if not admitted.key.is_limited:
        return Passed(admitted.message)
    asks = asks_for(admitted)
    return _judge(admitted, asks, _check(admitted, asks))


async def pass_limits_soon(admitted: Admitted) -> Passed:
    """As pass_limits, for an event loop."""
    if not admitted.key.is_limited:
        return Passed(admitted.message)
    asks = asks_for(admitted)
    return _judge(admitted, asks, await _soon(lambda: _check(admitted, asks)))


def _is_address_limited(request: AcceptRequest) -> bool:
    # A job that cannot check in looks as if it had not run.
    is_exempt = request.endpoint == "cron" or not request.client_ip
    return bool(settings.MAX_REQUESTS_PER_ADDRESS) and not is_exempt


def _check(admitted: Admitted, asks: Mapping[str, Ask]) -> list[Verdict]:
    owner = f"project:{admitted.key.project_id}"
    return get_limiter().check(owner, list(asks.values())) if asks else []


def _judge(admitted: Admitted, asks: Mapping[str, Ask], verdicts: list[Verdict]) -> Passed:
    full = find_full(asks, verdicts)
    if not full:
        return Passed(admitted.message)
    found = split(admitted, full, max_bytes=settings.MAX_ENVELOPE_BYTES)
    _note_limited(admitted, found.gone, full)
    return keep(admitted, found.rest, full)


def _note_limited(admitted: Admitted, gone: Sequence[Item], full: tuple[Full, ...]) -> None:
    """Count what goes, by category and by whose limit it was."""
    scopes = {each.category: each.scope for each in full}
    hour = hour_at(admitted.message.received_ms / 1000)
    for category, quantity in quantities(gone).items():
        # An attachment goes with its event, and a log's bytes with the log.
        scope = scopes.get(category, full[0].scope)
        name = Counted(admitted.key.project_id, hour, Outcome.LIMITED, category, scope)
        tally.note(name, quantity)


def _address_wait_s(client_ip: str) -> int:
    limit = Limit(settings.MAX_REQUESTS_PER_ADDRESS, ADDRESS_WINDOW_S)
    return get_limiter().wait_s(f"address:{network_of(client_ip)}", "requests", limit)


def _refuse_address(wait_s: int) -> None:
    if wait_s:
        hour = hour_at(time.time())
        tally.note(Counted(NO_PROJECT, hour, Outcome.LIMITED, DEFAULT, "address"))
        detail = "Too many requests come from this address."
        # All categories, and no scope of any project: whose key it is was not looked at.
        rate_limits = f"{wait_s}::organization:address"
        raise IngestError(429, detail, retry_after_s=wait_s, rate_limits=rate_limits)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="limits")


async def _soon(ask: Callable[[], T]) -> T:
    """The answer; from a thread where it may come from another machine."""
    if not get_limiter().may_wait:
        return ask()
    return await asyncio.get_running_loop().run_in_executor(_threads(), ask)
