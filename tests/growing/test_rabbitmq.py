"""RabbitMQ as the broker, by BROKER_URL alone."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import httpx
import pytest

from tests.growing.rabbitmq import OwnRabbitMQ, own_rabbitmq
from tests.needs import Missing, leave_out
from tests.production import Stack, start_stack
from tests.server import wait_until

pytestmark = pytest.mark.growing

# Without beat: only wake-ups through the broker lead to a digest.
SERVICES = ("prepare", "ingest", "web", "worker", "proxy")


@pytest.fixture(scope="module")
def rabbitmq() -> Iterator[OwnRabbitMQ]:
    with ExitStack() as stack:
        try:
            running = stack.enter_context(own_rabbitmq())
        except Missing as missing:
            leave_out(str(missing))
        yield running


@pytest.fixture(scope="module")
def stack(rabbitmq: OwnRabbitMQ) -> Iterator[Stack]:
    with start_stack({"BROKER_URL": rabbitmq.url()}, SERVICES) as running:
        yield running
        assert running.stop() == 0


@pytest.fixture(scope="module")
def dsn(stack: Stack) -> str:
    return stack.create_project("Rabbits")


def send_event(stack: Stack, dsn: str) -> None:
    """One event, which must be accepted."""
    key, _, project = dsn.partition("://")[2].replace("@", "/").rpartition("/")
    event = {"event_id": uuid4().hex, "message": "over RabbitMQ", "level": "error"}
    answer = httpx.post(
        f"{stack.base_url}/api/{project}/store/?sentry_key={key.split('/')[0]}", json=event
    )
    assert answer.status_code == 200, answer.text


def stored(stack: Stack) -> int:
    ((count,),) = stack.postgres.query("SELECT count(*) FROM errors_event")
    return int(str(count))


def wait_until_digested(stack: Stack, dsn: str) -> None:
    """Send until one has been digested: a wake-up may be lost with the broker, an event not."""
    before = stored(stack)

    def is_one_digested() -> bool:
        send_event(stack, dsn)
        return stored(stack) > before

    wait_until(is_one_digested, "an event to be digested", timeout_s=60, pause_s=1)


def test_a_wake_up_through_rabbitmq_leads_to_a_digest(stack: Stack, dsn: str) -> None:
    wait_until_digested(stack, dsn)


def test_all_queues_are_of_the_kinds_that_rabbitmq_4_takes(
    stack: Stack, rabbitmq: OwnRabbitMQ
) -> None:
    queues = rabbitmq.ask("list_queues", "name", "durable", "exclusive")
    assert queues
    assert [row for row in queues if row[1:] != ["true", "false"]] == []


def test_connections_that_are_cut_come_back(stack: Stack, rabbitmq: OwnRabbitMQ, dsn: str) -> None:
    wait_until_digested(stack, dsn)
    rabbitmq.cut_connections()
    wait_until_digested(stack, dsn)


def test_accept_goes_on_while_rabbitmq_is_away_and_the_digest_comes_back(
    stack: Stack, rabbitmq: OwnRabbitMQ, dsn: str
) -> None:
    before = stored(stack)
    rabbitmq.stop()
    for _ in range(20):
        send_event(stack, dsn)
    rabbitmq.start()
    wait_until_digested(stack, dsn)
    wait_until(lambda: stored(stack) >= before + 20, "all events to be digested", timeout_s=60)


def test_wake_ups_that_nobody_takes_run_out(stack: Stack, rabbitmq: OwnRabbitMQ, dsn: str) -> None:
    def does_one_wait() -> bool:
        send_event(stack, dsn)
        return rabbitmq.waiting("digest") > 0

    wait_until_digested(stack, dsn)
    os.kill(stack.pid("worker"), signal.SIGSTOP)
    try:
        wait_until(does_one_wait, "more wake-ups than the worker has taken", timeout_s=60)
        wait_until(lambda: not rabbitmq.waiting("digest"), "wake-ups to run out", timeout_s=60)
    finally:
        os.kill(stack.pid("worker"), signal.SIGCONT)
    wait_until_digested(stack, dsn)
