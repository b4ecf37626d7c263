"""A Celery pool of two threads, so that maintenance never holds up the digest."""

from typing import Any

from celery.concurrency.thread import TaskPool


class QueuePool(TaskPool):
    """The digest's tasks have a thread of their own; all others share the pool's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._digest = TaskPool(limit=1)

    def on_apply(self, *args: Any, **kwargs: Any) -> Any:
        # args: the call and its arguments: the task's name, its id, its request.
        # Source: celery.worker.request.Request.execute_using_pool.
        request = args[1][2]
        if request["delivery_info"]["routing_key"] == "digest":
            return self._digest.on_apply(*args, **kwargs)
        return super().on_apply(*args, **kwargs)

    def on_stop(self) -> None:
        self._digest.on_stop()
        super().on_stop()
