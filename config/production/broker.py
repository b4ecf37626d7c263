"""Coming back to a broker that was away, without kombu's pauses of up to half a minute."""

from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import structlog
from celery.worker.consumer import Consumer

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 1
LONGEST_PAUSE_S = 5


def retry_soon(connection: Any) -> None:
    """Have a kombu connection look for its broker every few seconds while it is away."""
    connection.ensure_connection = partial(
        connection.ensure_connection,
        interval_start=FIRST_PAUSE_S,
        interval_step=FIRST_PAUSE_S,
        interval_max=LONGEST_PAUSE_S,
    )


class PatientConsumer(Consumer):
    """A worker's consumer that is back within seconds of its broker."""

    def ensure_connected(self, conn: Any) -> Any:
        retry_soon(conn)
        return super().ensure_connected(conn)

    def call_soon_ack(self, p: Callable[..., None], *args: Any, **kwargs: Any) -> Any:
        """Acknowledge or reject a message, as Celery asks."""
        # Its stubs lack the method.
        celery: Any = super()
        return celery.call_soon_ack(partial(self._settle, p), *args, **kwargs)

    def _settle(
        self, settle: Callable[..., None], logger: Any, errors: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Begin with a new connection when the broker does not hear it.

        Celery would only log that. The message would count as under way for ever, and a worker with
        as many of them as processes asks for no more.
        """
        try:
            settle(logger, (), *args, **kwargs)
        except errors as error:
            log.warning("worker.broker_away", error=str(error))
            # Raised here it would be lost with what else waits to be run.
            self.timer.call_after(0, partial(_raise, error))


def _raise(error: Exception) -> NoReturn:
    raise error
