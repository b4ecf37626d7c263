"""What is never a message's fault: a database that is away, locked, full or takes no changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, InternalError, OperationalError

OUTAGES = (OperationalError, InterfaceError)
# PostgreSQL's code of "cannot execute … in a read-only transaction": a standby before it takes
# over, a disk that an operator saw filling up.
READ_ONLY = "25006"


@contextmanager
def writing() -> Iterator[None]:
    """Let a database that takes no changes count as an outage. Raises OperationalError for it."""
    try:
        yield
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", "") == READ_ONLY:
            raise OperationalError(str(error)) from error
        raise
