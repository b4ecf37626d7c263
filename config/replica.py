"""Pages read from the replica while it keeps up; a request that may write does not."""

import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse

from config.database_router import PRIMARY, REPLICA, reading_from_replica
from config.replica_lag import LagMeter

CHECK_S = 1.0
# A replica that cannot be reached is left alone this long: to try costs a request its time.
AWAY_S = 5.0
# A look that takes longer means that the replica hangs.
PATIENCE_S = 2.0
WROTE_COOKIE = "wrote"

_log = structlog.get_logger(__name__)


class Replica:
    """What this process knows of the replica; one thread at a time looks, the others go on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._meter = LagMeter()
        self._problem: str | None = "not looked at yet"
        self._next_look_s = 0.0
        self._looking_since_s: float | None = None

    def problem(self) -> str | None:
        """Why pages do not read from the replica, as a sentence; None while they do."""
        now = time.monotonic()
        with self._lock:
            if self._looking_since_s is not None:
                hangs = now - self._looking_since_s > PATIENCE_S
                return "the replica does not answer" if hangs else self._problem
            if now < self._next_look_s:
                return self._problem
            self._looking_since_s = now
        self._conclude(*self._look())
        return self._problem

    def leave_alone(self) -> None:
        """A query failed there: read from the primary for a while."""
        self._conclude("the replica failed in the middle of a request", AWAY_S)

    def _conclude(self, problem: str | None, pause_s: float) -> None:
        with self._lock:
            before, self._problem = self._problem, problem
            self._looking_since_s = None
            self._next_look_s = time.monotonic() + pause_s
        if problem and not before:
            _log.warning("replica.left_alone", reason=problem)
        elif before and not problem:
            _log.info("replica.used")

    def _look(self) -> tuple[str | None, float]:
        """The problem, and for how long that stands."""
        try:
            self._meter.note(time.monotonic(), _ask(PRIMARY, "pg_current_wal_lsn()") or 0)
        except Error:
            connections[PRIMARY].close()
            # Without the primary to compare with, old pages are better than none.
            return self._problem, CHECK_S
        try:
            replayed = _ask(REPLICA, "pg_last_wal_replay_lsn()")
        except Error:
            connections[REPLICA].close()
            return "the replica cannot be reached", AWAY_S
        if replayed is None:
            return "DATABASE_REPLICA_URL names a server that replays no log", AWAY_S
        lag_s = self._meter.lag_s(time.monotonic(), replayed)
        if lag_s is None or lag_s > settings.DATABASE_REPLICA_MAX_LAG_S:
            return "the replica is too far behind", CHECK_S
        return None, CHECK_S


def _ask(alias: str, function: str) -> int | None:
    """A position in the log, in bytes."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT pg_wal_lsn_diff({function}, '0/0')")
        (position,) = cursor.fetchone()
    return None if position is None else int(position)


replica = Replica()


class ReplicaMiddleware:
    """Choose for the whole request, and remember by a short cookie that its session wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_written = request.method not in ("GET", "HEAD")
        if not has_written and _keeps_cookies(request) and not replica.problem():
            response, has_written = self._from_replica(request)
        else:
            response = self.get_response(request)
        if has_written and _has_session(request, response):
            _remember(response)
        return response

    def _from_replica(self, request: HttpRequest) -> tuple[HttpResponse, bool]:
        with reading_from_replica() as reading:
            response = self.get_response(request)
        is_broken = response.status_code in (500, 503) and connections[REPLICA].errors_occurred
        if is_broken and not reading.has_written:
            connections[REPLICA].close()
            replica.leave_alone()
            response = self.get_response(request)
        return response, reading.has_written


def _keeps_cookies(request: HttpRequest) -> bool:
    """A session that has not just written; a client without cookies could not say so."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and WROTE_COOKIE not in request.COOKIES


def _has_session(request: HttpRequest, response: HttpResponse) -> bool:
    name = settings.SESSION_COOKIE_NAME
    return name in request.COOKIES or name in response.cookies


def _remember(response: HttpResponse) -> None:
    response.set_cookie(
        WROTE_COOKIE,
        "1",
        max_age=settings.DATABASE_REPLICA_MAX_LAG_S + round(CHECK_S + PATIENCE_S),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
