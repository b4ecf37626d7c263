"""From the digest to the pages that are open, through the Channels layer.

The in-memory layer belongs to the web server's loop and is not thread-safe: in the embedded
process, messages are handed to that loop. Losing one costs a page a moment, never an event.
"""

import asyncio
import time
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from errors.consumers import group_of

# A layer that is away is left alone for so long: to find out may take seconds each time.
PAUSE_S = 5.0

log = structlog.get_logger(__name__)
_loop: asyncio.AbstractEventLoop | None = None
_silent_until = 0.0


def register_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Publish on this loop from now on; None: on a passing one, for layers in other processes."""
    global _loop
    _loop = loop


def publish(project_id: int, message: dict[str, Any]) -> None:
    """Send a message to a project's group. Never raises into the digest."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        if _loop is None:
            async_to_sync(_send)(project_id, message)
        else:
            _loop.call_soon_threadsafe(_send_later, _loop, project_id, message)
    except RuntimeError as error:
        # The loop is closing.
        log.warning("live.unpublished", project_id=project_id, error=str(error))
    except (OSError, RedisError) as error:
        _silent_until = time.monotonic() + PAUSE_S
        log.warning("live.unpublished", project_id=project_id, error=str(error))


def _send_later(loop: asyncio.AbstractEventLoop, project_id: int, message: dict[str, Any]) -> None:
    task = loop.create_task(_send(project_id, message))
    task.add_done_callback(_report)
    _sending.add(task)


# The loop holds its tasks weakly.
_sending: set["asyncio.Task[None]"] = set()


def _report(task: "asyncio.Task[None]") -> None:
    _sending.discard(task)
    if not task.cancelled() and task.exception():
        log.warning("live.unpublished", error=str(task.exception()))


async def _send(project_id: int, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is not None:
        await layer.group_send(group_of(project_id), message)
