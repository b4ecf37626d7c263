"""Whether what the site needs is there: the database, each store of the inbox, the broker.

Each part is asked in a thread of its own, so that one that hangs keeps nobody waiting.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswerError
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from time import monotonic
from typing import Any

import structlog
from celery import current_app
from django.db import connections
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from accounts.signing import OTHER_KEY, has_other_key
from config.database_router import REPLICA
from config.database_state import DatabaseFault, database_problem
from config.replica import replica
from ingest.inbox import get_inbox

log = structlog.get_logger(__name__)

ANSWER_WITHIN_S = 1.5
# Anybody may ask; the parts are asked again after this at the earliest.
FRESH_S = 1.0
BROKER_TIMEOUT_S = 1


@dataclass(frozen=True, slots=True)
class PartState:
    """One part: what is wrong with it, if anything, and since when this process knows.

    error:    for everybody; names no address and no password. "" when all is well.
    detail:   for operators, in the log and in the admin.
    warnings: what a person should mend, though all works; for everybody, too.
    """

    name: str
    error: str = ""
    detail: str = ""
    since: datetime | None = None
    warnings: Sequence[str] = ()


class Part:
    """Something that is looked at when somebody asks, one look at a time."""

    def __init__(self, name: str, look: Callable[[], Sequence[PartState]]) -> None:
        self._name = name
        self._look = look
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"ready-{name}")
        self._lock = threading.Lock()
        self._looking: Future[Sequence[PartState]] | None = None
        self._known: Sequence[PartState] = ()
        self._known_until = float("-inf")
        self._since: dict[str, datetime] = {}

    def ask(self) -> None:
        """Begin to look, unless somebody does or the last look is fresh."""
        with self._lock:
            if self._looking and self._looking.done():
                # It hung until long after whoever asked had gone.
                self._looking = None
            if self._looking is None and monotonic() >= self._known_until:
                self._looking = self._thread.submit(self._look_once)

    def states(self, deadline: float) -> Sequence[PartState]:
        """What was found, or that there is no answer at the deadline (of the monotonic clock)."""
        with self._lock:
            looking = self._looking
            if looking is None:
                return self._known
        try:
            found = looking.result(max(0.0, deadline - monotonic()))
        except NoAnswerError:
            found = [PartState(self._name, "It does not answer.", "it hangs")]
        with self._lock:
            if self._looking is looking:
                self._known = [self._with_since(state) for state in found]
                if looking.done():
                    self._looking, self._known_until = None, monotonic() + FRESH_S
            return self._known

    def _look_once(self) -> Sequence[PartState]:
        try:
            return self._look()
        except Exception as error:
            log.exception("ready.look_failed", part=self._name)
            return [PartState(self._name, "It cannot be looked at.", repr(error))]
        finally:
            connections.close_all()

    def _with_since(self, state: PartState) -> PartState:
        """The state with the time since when; the log has a line for each change."""
        if not state.error:
            if self._since.pop(state.name, None):
                log.info("ready.part_is_back", part=state.name)
            return state
        if state.name not in self._since:
            self._since[state.name] = timezone.now()
            log.warning("ready.part_is_away", part=state.name, error=state.detail or state.error)
        return replace(state, since=self._since[state.name])


def read_parts() -> list[PartState]:
    """The state of every part; answers within two seconds, whatever hangs."""
    parts = _parts()
    deadline = monotonic() + ANSWER_WITHIN_S
    for part in parts:
        part.ask()
    return [state for part in parts for state in part.states(deadline)]


@cache
def _parts() -> Sequence[Part]:
    replicas = [Part("replica", _look_at_replica)] if REPLICA in connections else []
    return (
        Part("database", _look_at_database),
        *replicas,
        Part("inbox", _look_at_inbox),
        Part("broker", _look_at_broker),
    )


_DATABASE_ERRORS = {
    DatabaseFault.AWAY: "It does not answer.",
    DatabaseFault.REFUSED: "It refuses this site.",
    DatabaseFault.READ_ONLY: "It takes no changes.",
    DatabaseFault.UNMIGRATED: "It lacks migrations: run manage.py migrate.",
}


def _look_at_database() -> list[PartState]:
    problem = database_problem()
    if problem is None:
        return [PartState("database", warnings=[OTHER_KEY] if has_other_key() else [])]
    return [PartState("database", _DATABASE_ERRORS[problem.fault], problem.sentence)]


def _look_at_replica() -> list[PartState]:
    """No error: pages have the primary."""
    problem = replica.problem()
    said = f"Pages are read from the primary: {problem}." if problem else ""
    return [PartState("replica", warnings=[said] if said else [])]


def _look_at_inbox() -> list[PartState]:
    return [
        PartState(
            f"inbox in {store.name}",
            "It does not answer." if store.error else "",
            store.error,
            warnings=store.warnings,
        )
        for store in get_inbox().state()
    ]


def _look_at_broker() -> list[PartState]:
    broker: Any = current_app.connection_for_write(connect_timeout=BROKER_TIMEOUT_S)
    try:
        with broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    except (BrokerError, OSError, *broker.connection_errors) as error:
        return [PartState("broker", "It does not answer.", str(error))]
    return [PartState("broker")]
