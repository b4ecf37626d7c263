"""The Celery tasks wake services, and can run at any time, twice, or on nothing."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from channels.layers import get_channel_layer

from errors import tasks as errors_tasks
from errors.consumers import group_of
from errors.tests.prepared import make_prepared
from errors.tests.prepared import make_project as make_prepared_project
from ingest import live
from ingest import tasks as ingest_tasks
from ingest.digest import announce
from ingest.inbox.base import Inbox
from ingest.tests.messages import counts, make_event, make_message, make_project, put

pytestmark = pytest.mark.django_db


def test_the_digest_task_empties_the_inbox(inbox: Inbox) -> None:
    put(inbox, make_message(make_project(), make_event()))
    ingest_tasks.digest_inbox()
    assert inbox.depth() == 0
    assert counts() == (1, 1, 1)
    ingest_tasks.digest_inbox()


def test_a_second_digest_in_the_process_leaves_the_first_alone(inbox: Inbox) -> None:
    put(inbox, make_message(make_project(), make_event()))
    with ingest_tasks._digesting:
        ingest_tasks.digest_inbox()
    assert inbox.depth() == 1


@pytest.mark.parametrize(
    "task",
    [
        errors_tasks.enforce_retention,
        errors_tasks.enforce_event_budgets,
        errors_tasks.remove_deleted_data,
        errors_tasks.learn_to_compress,
        errors_tasks.learn_from_all_groups,
        ingest_tasks.remove_old_messages,
    ],
)
def test_housekeeping_has_nothing_to_do_on_an_empty_site(task: Callable[[], None]) -> None:
    task()


def test_many_groups_that_grow_start_one_training_and_then_one_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = make_prepared_project()
    woken: list[object] = []
    monkeypatch.setattr(announce, "_wake_at", 0.0)
    monkeypatch.setattr(
        errors_tasks.learn_to_compress, "apply_async", lambda **_: woken.append(None)
    )
    for group in ("cart", "pay", "ship"):
        announce.wake_learning([make_prepared(project, group) for _ in range(5)])
    assert len(woken) == 1
    monkeypatch.setattr(announce, "_wake_at", 0.0)
    announce.wake_learning([])
    announce.wake_learning([])
    assert len(woken) == 2


def test_messages_for_pages_go_to_the_web_servers_loop() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> str:
        layer = get_channel_layer()
        assert layer is not None
        channel = str(await layer.new_channel())
        await layer.group_add(group_of(7), channel)
        return channel

    async def hear(channel: str) -> object:
        layer = get_channel_layer()
        assert layer is not None
        return await asyncio.wait_for(layer.receive(channel), 5)

    live.register_loop(loop)
    try:
        channel = asyncio.run_coroutine_threadsafe(listen(), loop).result(5)
        live.publish(7, {"type": "issues.changed", "project": 7})
        heard = asyncio.run_coroutine_threadsafe(hear(channel), loop).result(5)
    finally:
        live.register_loop(None)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
    assert heard == {"type": "issues.changed", "project": 7}


def test_a_closed_loop_does_not_disturb_the_digest() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    live.register_loop(loop)
    try:
        live.publish(7, {"type": "issues.changed"})
    finally:
        live.register_loop(None)
