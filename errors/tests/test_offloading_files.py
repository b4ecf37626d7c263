"""Files of events in object storage: moved, read, removed; the storage away."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from errors.envelopes import read_envelope
from errors.models import Attachment, AttachmentContent, AttachmentObject, KeptBytes
from errors.services.kept import remove_kept
from errors.services.offloading import offload_payloads
from errors.storage import PayloadsAwayError, attachments, packs
from errors.storage.attachments import read_attachment
from errors.tests.factories import make_attachment, make_person, make_project
from projects.models import Project

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=2)
LATER = NOW + timedelta(hours=7)
CONTENT = bytes(range(256)) * 100


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """PAYLOAD_STORAGE as a folder."""
    storage = {
        "BACKEND": "errors.storage.folder.SyncedFolder",
        "OPTIONS": {"location": tmp_path / "objects"},
    }
    settings.STORAGES = settings.STORAGES | {"payloads": storage}
    yield tmp_path / "objects"


@pytest.fixture
def project() -> Project:
    return make_project()


def objects_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_older_files_move_and_read_the_same(folder: Path, project: Project) -> None:
    old = make_attachment(project, CONTENT, at=OLD)
    young = make_attachment(project, CONTENT)
    offload_payloads(now=NOW)
    assert AttachmentContent.objects.get().pk == young.pk
    assert len(objects_in(folder)) == AttachmentObject.objects.count() == 1
    old.refresh_from_db()
    assert read_attachment(old) == read_attachment(young) == CONTENT
    envelope = read_envelope(project.pk, old.envelope_id)
    assert envelope is not None
    assert envelope.items[0].payload == CONTENT
    assert KeptBytes.objects.get().size_bytes == old.kept_bytes + young.kept_bytes


def test_a_file_that_moved_while_it_was_read_is_found(folder: Path, project: Project) -> None:
    file = make_attachment(project, CONTENT, at=OLD)
    offload_payloads(now=NOW)
    # As it was read before the move.
    assert file.object_name == ""
    assert read_attachment(file) == CONTENT


def test_an_object_goes_some_hours_after_its_file(folder: Path, project: Project) -> None:
    stays, goes = (make_attachment(project, CONTENT, at=OLD) for _ in range(2))
    offload_payloads(now=NOW)
    remove_kept(Attachment, [goes.pk])
    offload_payloads(now=NOW)
    assert len(objects_in(folder)) == 2
    offload_payloads(now=LATER)
    assert len(objects_in(folder)) == AttachmentObject.objects.count() == 1
    assert read_attachment(Attachment.objects.get()) == CONTENT
    assert Attachment.objects.get() == stays


def test_a_move_that_was_cut_short_is_done_again(
    folder: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_attachment(project, CONTENT, at=OLD)

    def fail(name: str, content: bytes) -> None:
        raise PayloadsAwayError("away")

    with monkeypatch.context() as patch:
        patch.setattr(attachments, "write_pack", fail)
        offload_payloads(now=NOW)
    assert read_attachment(file) == CONTENT
    offload_payloads(now=NOW)
    assert not AttachmentContent.objects.exists()
    offload_payloads(now=LATER)
    assert len(objects_in(folder)) == AttachmentObject.objects.count() == 1
    assert read_attachment(file) == CONTENT


def test_a_file_that_goes_while_it_moves_leaves_only_its_object(
    folder: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_attachment(project, CONTENT, at=OLD)

    def remove_meanwhile(name: str, content: bytes) -> None:
        packs.write_pack(name, content)
        remove_kept(Attachment, [file.pk])

    monkeypatch.setattr(attachments, "write_pack", remove_meanwhile)
    offload_payloads(now=NOW)
    assert not Attachment.objects.exists()
    offload_payloads(now=LATER)
    assert objects_in(folder) == []
    assert not AttachmentObject.objects.exists()


def test_everything_comes_back(folder: Path, project: Project) -> None:
    file = make_attachment(project, CONTENT, at=OLD)
    offload_payloads(now=NOW)
    for _ in range(2):
        call_command("return_payloads", stdout=StringIO())
    file.refresh_from_db()
    assert file.object_name == ""
    shutil.rmtree(folder)
    assert read_attachment(file) == CONTENT


def test_the_storage_away_is_a_page_that_says_so(folder: Path, project: Project) -> None:
    file = make_attachment(project, CONTENT, at=OLD)
    offload_payloads(now=NOW)
    shutil.rmtree(folder)
    client = Client()
    client.force_login(make_person(project))
    answer = client.get(f"/projects/shop/attachments/{file.pk}/")
    assert answer.status_code == 503
