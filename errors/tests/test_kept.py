"""Files and other items within budgets of bytes, by project and for the site."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from errors.models import Attachment, AttachmentContent, KeptBytes, StoredEnvelope, StoredItem
from errors.services.budgets import forget_rooms, has_room, take_room
from errors.services.kept import remove_kept
from errors.services.pace import Pace
from errors.services.retention import enforce_retention, trim_kept
from errors.tests.factories import make_attachment, make_project
from errors.tests.received import DAY, NOW, keep_item
from projects.models import Project

pytestmark = pytest.mark.django_db
ATTACHMENT, ITEM = KeptBytes.Kind.ATTACHMENT.value, KeptBytes.Kind.ITEM.value


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> Iterator[None]:
    settings.MAX_ITEM_BYTES_PER_PROJECT = settings.MAX_ITEM_BYTES_PER_SITE = 10**9
    forget_rooms()
    yield
    forget_rooms()


@pytest.fixture
def project() -> Project:
    return make_project()


def kept(project: Project, kind: str = ITEM) -> int:
    return KeptBytes.objects.get(project_id=project.pk, kind=kind).size_bytes


def in_rows(project: Project) -> int:
    tables = (StoredItem, StoredEnvelope)
    return sum(row.kept_bytes for table in tables for row in table.objects.filter(project=project))


def trim() -> int:
    return trim_kept(pace=Pace(share=1.0))


def test_what_is_kept_is_counted_in_bytes(project: Project) -> None:
    keep_item(project, NOW)
    keep_item(project, NOW + DAY)
    assert kept(project) == in_rows(project) > 400
    remove_kept(StoredItem, list(StoredItem.objects.values_list("pk", flat=True)))
    assert kept(project) == in_rows(project) > 0


def test_an_upgrade_weighs_what_was_kept_before_however_often_it_runs(project: Project) -> None:
    for day in range(3):
        keep_item(project, NOW + day * DAY)
    for table in (StoredItem, StoredEnvelope):
        table.objects.update(kept_bytes=0)
    KeptBytes.objects.all().delete()
    migration = import_module("errors.migrations.0008_count_kept_bytes")
    for _ in range(2):
        migration.weigh(apps, None)
        assert kept(project) == in_rows(project) >= 6 * migration.ROW_BYTES


def test_the_oldest_items_beyond_a_projects_budget_go(project: Project, settings: Any) -> None:
    other = make_project("Other")
    keep_item(other, NOW - 9 * DAY)
    for hours in range(10):
        keep_item(project, NOW - timedelta(hours=hours))
    settings.MAX_ITEM_BYTES_PER_PROJECT = in_rows(project) // 2
    trim()
    assert kept(project) == in_rows(project) <= settings.MAX_ITEM_BYTES_PER_PROJECT
    newest = StoredItem.objects.order_by("-envelope_id").first()
    assert newest and newest.project == project
    assert StoredItem.objects.filter(project=project).count() == 5
    assert StoredEnvelope.objects.filter(project=project).count() == 5
    assert StoredItem.objects.filter(project=other).count() == 1
    assert trim() == 0


def test_the_oldest_of_all_projects_go_beyond_the_sites_budget(
    project: Project, settings: Any
) -> None:
    other = make_project("Other")
    for hours in range(4):
        keep_item(project, NOW - timedelta(hours=hours))
        keep_item(other, NOW - DAY - timedelta(hours=hours))
    settings.MAX_ITEM_BYTES_PER_SITE = in_rows(project)
    trim()
    assert StoredItem.objects.filter(project=project).count() == 4
    assert not StoredItem.objects.filter(project=other).exists()
    assert kept(other) == 0


def test_files_beyond_the_budget_go_with_their_contents(project: Project, settings: Any) -> None:
    files = [make_attachment(project, at=NOW + days * DAY) for days in range(3)]
    settings.MAX_ATTACHMENT_BYTES_PER_PROJECT = files[2].kept_bytes
    trim()
    assert list(Attachment.objects.all()) == [files[2]]
    assert AttachmentContent.objects.get().pk == files[2].pk
    assert kept(project, ATTACHMENT) == files[2].kept_bytes


def test_old_files_and_items_go_by_age(project: Project) -> None:
    make_attachment(project, at=NOW - 100 * DAY)
    young = make_attachment(project, at=NOW - DAY)
    keep_item(project, NOW - 100 * DAY)
    report = enforce_retention(now=NOW, pace=Pace(share=1.0))
    assert report.items == 3
    assert list(Attachment.objects.all()) == [young]
    assert kept(project, ATTACHMENT) == young.kept_bytes
    assert kept(project) == 0


def test_there_is_room_for_a_quarter_more_than_the_budget(project: Project, settings: Any) -> None:
    settings.MAX_ITEM_BYTES_PER_PROJECT = 1000
    assert has_room(project.pk, ITEM)
    take_room(project.pk, ITEM, 1249)
    assert has_room(project.pk, ITEM)
    take_room(project.pk, ITEM, 1)
    assert not has_room(project.pk, ITEM)
    assert has_room(make_project("Other").pk, ITEM)
    assert has_room(project.pk, ATTACHMENT)


def test_a_full_site_has_room_for_nobody(project: Project, settings: Any) -> None:
    settings.MAX_ITEM_BYTES_PER_SITE = 100
    keep_item(project, NOW)
    forget_rooms()
    assert not has_room(make_project("Other").pk, ITEM)
