"""A server that is away is no fault of the code: one line in the log, a 503 for who waits.

No library is imported here: errors are known by their names, as settings read this module.
"""

import logging
import sys
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.template import loader

RETRY_AFTER_S = 5
_AWAY = {
    ("builtins", "ConnectionError"),
    ("builtins", "TimeoutError"),
    ("redis.exceptions", "ConnectionError"),
    ("redis.exceptions", "TimeoutError"),
    ("kombu.exceptions", "OperationalError"),
}
_DATABASE_ERROR = ("psycopg", "OperationalError")
# Who wraps the cause without naming it so.
_WRAPPERS = {("celery.beat", "SchedulingError")}
# What PostgreSQL says itself of these two kinds: the connection broke, or an operator ended it.
_AWAY_STATES = ("08", "57P")


def is_outage(error: BaseException | None) -> bool:
    """Whether a server beside the site did not answer, or the connection to it broke."""
    return any(_tells_of_outage(each) for each in _causes(error))


class OutageFilter(logging.Filter):
    """Cuts the traceback of a server that is away: its text says all there is to know."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error and is_outage(error):
            said, reason = record.getMessage().splitlines()[0], str(error).strip()
            record.msg = said if reason in said else f"{said} ({reason})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the page for a fault of ours, or for a server that is away."""
    if not is_outage(sys.exception()):
        return HttpResponse(loader.get_template("500.html").render(), status=500)
    page = HttpResponse(loader.get_template("503.html").render(), status=503)
    page.headers["Retry-After"] = str(RETRY_AFTER_S)
    return page


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        wrapped = error.__context__ if _kinds(error) & _WRAPPERS else None
        error = error.__cause__ or wrapped


def _tells_of_outage(error: BaseException) -> bool:
    kinds = _kinds(error)
    if _DATABASE_ERROR in kinds:
        state: str | None = getattr(error, "sqlstate", None)
        return state is None or state.startswith(_AWAY_STATES)
    return bool(kinds & _AWAY)


def _kinds(error: BaseException) -> set[tuple[str, str]]:
    return {(kind.__module__, kind.__name__) for kind in type(error).__mro__}
