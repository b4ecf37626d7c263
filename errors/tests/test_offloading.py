"""Payloads in object storage: moved, read, given back, removed; the storage away."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from errors.envelopes import read_envelope
from errors.models import (
    Event,
    EventPayload,
    Issue,
    MovedPayload,
    PayloadDictionary,
    PayloadPack,
)
from errors.services import learning
from errors.services.learning import forget_unused, learn
from errors.services.offloading import offload_payloads
from errors.services.retention.enforce import execute, plan_run
from errors.storage import PayloadsAwayError, load_document, moving, packs
from errors.storage.folder import SyncedFolder
from errors.tests.factories import make_document, make_event, make_issue, make_person, make_project
from errors.tests.prepared import NOON, store_events
from errors.tests.test_storage import prepare

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=2)
LATER = NOW + timedelta(hours=7)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """PAYLOAD_STORAGE as a folder."""
    storage = {
        "BACKEND": "errors.storage.folder.SyncedFolder",
        "OPTIONS": {"location": tmp_path / "packs"},
    }
    settings.STORAGES = settings.STORAGES | {"payloads": storage}
    packs.forget_packs()
    yield tmp_path / "packs"
    packs.forget_packs()


def objects_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def make_events(issue: Issue, count: int, at: datetime = OLD) -> list[Event]:
    return [
        make_event(
            issue, make_document(extra={"serial": serial}), at=at + timedelta(seconds=serial)
        )
        for serial in range(count)
    ]


def serial_of(event: Event) -> int:
    document = load_document(event.pk)
    assert document is not None
    return int(document["event"]["extra"]["serial"])


def test_older_payloads_move_into_one_object_a_project_and_read_the_same(folder: Path) -> None:
    shop, blog = make_issue(make_project()), make_issue(make_project("Blog"))
    events = make_events(shop, 7) + make_events(blog, 5)
    recent = make_event(shop, at=NOW - timedelta(hours=1))
    before = [load_document(event.pk) for event in events]
    offload_payloads(now=NOW)
    assert EventPayload.objects.get().pk == recent.pk
    assert MovedPayload.objects.count() == 12
    assert len(objects_in(folder)) == PayloadPack.objects.count() == 2
    assert [load_document(event.pk) for event in events] == before
    offload_payloads(now=NOW)
    assert len(objects_in(folder)) == 2


def test_without_the_setting_nothing_moves() -> None:
    make_events(make_issue(make_project()), 2)
    offload_payloads(now=NOW)
    assert EventPayload.objects.count() == 2
    assert not PayloadPack.objects.exists()


def test_a_large_backlog_moves_in_bounded_batches(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH_PAYLOADS", 4)
    monkeypatch.setattr(moving, "STEP", 2)
    events = make_events(make_issue(make_project()), 10)
    offload_payloads(now=NOW)
    assert sorted(PayloadPack.objects.values_list("payload_count", flat=True)) == [2, 4, 4]
    assert [serial_of(event) for event in events] == list(range(10))


def test_what_cannot_be_read_back_stays_in_the_database(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_the_end(storage: Any, name: str, content: Any) -> str:
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True)
        path.write_bytes(content.read()[:-1])
        return name

    monkeypatch.setattr(SyncedFolder, "save", lose_the_end)
    event = make_event(make_issue(make_project()), at=OLD)
    offload_payloads(now=NOW)
    assert EventPayload.objects.get().pk == event.pk
    assert not MovedPayload.objects.exists()


def test_an_interrupted_move_leaves_an_object_that_the_sweep_removes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_events(make_issue(make_project()), 1)[0]

    def end_here(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(moving, "_repoint", end_here)
        offload_payloads(now=NOW)
    assert len(objects_in(folder)) == 1
    assert EventPayload.objects.get().pk == event.pk
    offload_payloads(now=LATER)
    assert len(objects_in(folder)) == PayloadPack.objects.count() == 1
    assert serial_of(event) == 0


def test_an_event_that_goes_while_its_payload_moves_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = make_events(make_issue(make_project()), 2)
    write = packs.write_pack

    def write_while_one_goes(name: str, content: bytes) -> None:
        write(name, content)
        EventPayload.objects.filter(pk=events[0].pk).delete()
        events[0].delete()

    monkeypatch.setattr(moving, "write_pack", write_while_one_goes)
    offload_payloads(now=NOW)
    assert MovedPayload.objects.get().pk == events[1].pk


def test_a_pack_goes_when_no_event_needs_it(folder: Path) -> None:
    make_events(make_issue(make_project()), 3)
    offload_payloads(now=NOW)
    Event.objects.all().delete()
    offload_payloads(now=LATER)
    assert objects_in(folder) == []
    assert not PayloadPack.objects.exists()
    assert not MovedPayload.objects.exists()


def test_a_deleted_projects_packs_go_with_it(folder: Path) -> None:
    gone, kept = make_issue(make_project()), make_issue(make_project("Blog"))
    make_events(gone, 3)
    event = make_events(kept, 1)[0]
    offload_payloads(now=NOW)
    gone.project.delete()
    offload_payloads(now=LATER)
    assert PayloadPack.objects.get().project_id == kept.project_id
    assert len(objects_in(folder)) == 1
    assert serial_of(event) == 0


def test_a_pack_that_few_events_need_is_made_anew_without_the_others(folder: Path) -> None:
    events = make_events(make_issue(make_project()), 10)
    offload_payloads(now=NOW)
    Event.objects.exclude(pk__in=[events[3].pk, events[8].pk]).delete()
    offload_payloads(now=LATER)
    assert not PayloadPack.objects.exists()
    offload_payloads(now=LATER)
    assert PayloadPack.objects.get().payload_count == 2
    assert len(objects_in(folder)) == 1
    assert [serial_of(events[3]), serial_of(events[8])] == [3, 8]


def test_payloads_come_back_into_the_database(folder: Path) -> None:
    events = make_events(make_issue(make_project()), 3)
    offload_payloads(now=NOW)
    call_command("return_payloads", stdout=StringIO())
    shutil.rmtree(folder)
    assert [serial_of(event) for event in events] == [0, 1, 2]


def move_with_a_replaced_dictionary() -> None:
    """Move five payloads whose dictionary has a newer version."""
    project = make_project()
    store_events([prepare(project, serial) for serial in range(1, 6)], now=NOON)
    learn(now=NOW)
    offload_payloads(now=NOW)
    assert MovedPayload.objects.count() == 5
    first = PayloadDictionary.objects.get()
    PayloadDictionary.objects.create(
        project=project,
        platform="python",
        grouping_key=first.grouping_key,
        version=2,
        sample_count=10,
        content=first.content,
        created_at=NOW,
    )


def test_a_dictionary_stays_while_a_moved_payload_needs_it(folder: Path) -> None:
    move_with_a_replaced_dictionary()
    before = load_document(5)
    assert forget_unused(now=NOW + timedelta(days=2)) == 0
    assert load_document(5) == before


class ReturnsMeanwhile:
    """Moved payloads, which all come back a moment before somebody looks for them here."""

    objects: "ReturnsMeanwhile"

    def filter(self, **conditions: Any) -> Any:
        call_command("return_payloads", stdout=StringIO())
        return MovedPayload.objects.filter(**conditions)


def test_a_dictionary_stays_while_the_payloads_that_need_it_come_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_with_a_replaced_dictionary()
    returning = ReturnsMeanwhile()
    returning.objects = returning
    monkeypatch.setattr(learning, "MovedPayload", returning)
    assert forget_unused(now=NOW + timedelta(days=2)) == 0
    assert load_document(5) is not None


def test_an_envelope_is_given_back_from_its_pack(folder: Path) -> None:
    event = make_events(make_issue(make_project()), 1)[0]
    before = read_envelope(event.project_id, event.pk)
    offload_payloads(now=NOW)
    assert before is not None
    assert read_envelope(event.project_id, event.pk) == before


def test_a_storage_that_is_away_stops_the_move_and_nothing_else(
    folder: Path, settings: Any
) -> None:
    event = make_events(make_issue(make_project()), 1)[0]
    folder.write_text("a file, where the folder should be")
    offload_payloads(now=NOW)
    assert serial_of(event) == 0
    folder.unlink()
    offload_payloads(now=NOW)
    assert MovedPayload.objects.get().pk == event.pk


def test_pages_say_that_the_storage_is_away(folder: Path, client: Client) -> None:
    issue = make_issue(make_project())
    event = make_events(issue, 1)[0]
    offload_payloads(now=NOW)
    packs.forget_packs()
    folder.rename(folder.with_name("unplugged"))
    client.force_login(make_person(issue.project))
    address = f"/projects/{issue.project.slug}/issues/{issue.number}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "object storage, which does not answer" in page.content.decode()
    for rest in ("json/", "envelope/"):
        answer = client.get(f"{address}events/{event.event_id.hex}/{rest}")
        assert answer.status_code == 503, rest
        assert "Nothing is lost" in answer.content.decode()


def test_packs_in_memory_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "CACHE_BYTES", 250)
    for name in "abcd":
        packs.write_pack(name, name.encode() * 100)
        assert packs.read_pack(name) == name.encode() * 100
    shutil.rmtree(folder)
    assert packs.read_pack("d") == b"d" * 100
    with pytest.raises(PayloadsAwayError):
        packs.read_pack("a")


def weigh_old() -> int:
    run = plan_run(now=NOW)
    run.is_dry = run.weighs = True
    return execute(run, is_whole_site=True).payload_bytes


def test_a_preview_of_retention_weighs_moved_payloads_too(folder: Path) -> None:
    make_events(make_issue(make_project()), 3, at=NOW - timedelta(days=200))
    before = weigh_old()
    offload_payloads(now=NOW)
    assert weigh_old() == before > 0


def test_packs_stand_in_the_admin_for_superusers_to_look_at(folder: Path, client: Client) -> None:
    issue = make_issue(make_project())
    make_events(issue, 3)
    offload_payloads(now=NOW)
    client.force_login(User.objects.create_superuser("root", password="unguessable"))
    page = client.get("/admin/errors/payloadpack/")
    assert PayloadPack.objects.get().name in page.content.decode()
    staff = make_person(issue.project, role="owner")
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    client.force_login(staff)
    assert client.get("/admin/errors/payloadpack/").status_code == 403
