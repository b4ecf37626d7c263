"""Payloads in a bucket that a local server keeps: moved, read, and the server gone."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.settings.payloads import read_payload_storage
from errors.models import Event, EventPayload, MovedPayload
from errors.services.offloading import offload_payloads
from errors.storage import PayloadsAwayError, bucket, load_document, packs
from errors.tests.factories import make_event, make_issue, make_project
from tests.growing.s3 import ObjectStorage, object_storage

pytestmark = [pytest.mark.growing, pytest.mark.django_db]
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectStorage]:
    with object_storage() as running:
        yield running


@pytest.fixture(autouse=True)
def storage(
    server: ObjectStorage, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """PAYLOAD_STORAGE as the settings would read it."""
    monkeypatch.setenv("PAYLOAD_STORAGE", server.setting)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr(bucket, "READ_TIMEOUT_S", 1)
    settings.STORAGES = settings.STORAGES | {"payloads": read_payload_storage()}
    packs.forget_packs()
    yield
    packs.forget_packs()


def make_old_event() -> Event:
    project = make_project(f"Shop {os.urandom(4).hex()}", short_prefix=os.urandom(4).hex())
    return make_event(make_issue(project), at=NOW - timedelta(days=2))


def test_a_payload_moves_into_the_bucket_and_goes_with_its_event(server: ObjectStorage) -> None:
    event = make_old_event()
    before = load_document(event.pk)
    offload_payloads(now=NOW)
    assert not EventPayload.objects.exists()
    assert server.object_count() == 1
    assert load_document(event.pk) == before
    event.delete()
    offload_payloads(now=NOW + timedelta(hours=7))
    assert server.object_count() == 0


def test_a_server_that_hangs_costs_neither_payloads_nor_the_task(server: ObjectStorage) -> None:
    moved = make_old_event()
    offload_payloads(now=NOW)
    waiting = make_old_event()
    packs.forget_packs()
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        offload_payloads(now=NOW)
        assert EventPayload.objects.get().pk == waiting.pk
        with pytest.raises(PayloadsAwayError):
            load_document(moved.pk)
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    assert load_document(moved.pk) is not None
    offload_payloads(now=NOW)
    assert MovedPayload.objects.count() == 2


def test_a_bucket_that_is_not_there_is_a_storage_away(settings: Any) -> None:
    options = settings.STORAGES["payloads"]["OPTIONS"] | {"bucket_name": "another"}
    settings.STORAGES = settings.STORAGES | {
        "payloads": {"BACKEND": "errors.storage.bucket.Bucket", "OPTIONS": options}
    }
    event = make_old_event()
    offload_payloads(now=NOW)
    assert EventPayload.objects.get().pk == event.pk
