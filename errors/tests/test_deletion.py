"""What people deleted goes for good, with all that hangs on it."""

from datetime import UTC, datetime, timedelta

import pytest

from errors.models import (
    Activity,
    Attachment,
    AttachmentContent,
    Event,
    EventPayload,
    Feedback,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueUser,
    ItemCount,
    KeptBytes,
    PayloadDictionary,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
    TagCount,
)
from errors.services.deletion import remove_deleted
from errors.services.record_items import count_items
from errors.tests.factories import make_attachment, make_feedback
from errors.tests.prepared import NOON, make_prepared, make_project, store_events
from errors.tests.received import keep_item
from projects.models import OutcomeCount, Project
from projects.statistics import Counted, add_outcomes

pytestmark = pytest.mark.django_db

NOW = datetime.fromtimestamp(NOON, UTC)


def test_a_deleted_issue_goes_with_all_that_hangs_on_it() -> None:
    project = make_project()
    tags = [("region", "eu")]
    store_events(
        [make_prepared(project, name, user_hash=7, tags=tags) for name in ("a", "b")], now=NOON
    )
    gone, kept = Issue.objects.order_by("number")
    Activity.objects.create(issue=gone, kind=Activity.Kind.RESOLVED, created_at=NOW)
    for key in GroupingKey.objects.all():
        PayloadDictionary.objects.create(
            project=project,
            platform="python",
            grouping_key=key,
            version=1,
            sample_count=5,
            content=b"",
            created_at=NOW,
        )
    Issue.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    assert remove_deleted(now=NOW + timedelta(minutes=4)) == 0
    assert remove_deleted(now=NOW + timedelta(minutes=6)) == 1
    assert list(Issue.objects.all()) == [kept]
    for model in (
        Event,
        EventPayload,
        TagCount,
        HourlyCount,
        IssueUser,
        GroupingKey,
        PayloadDictionary,
    ):
        assert model.objects.count() == 1, model
    assert not Activity.objects.exists()
    # What was counted once is not counted again because somebody deleted it.
    assert SeenEvent.objects.count() == 2


def test_a_deleted_project_goes_and_others_stay() -> None:
    gone, kept = make_project(), make_project("blog", "BLOG")
    for project in (gone, kept):
        store_events([make_prepared(project, user_hash=7)], now=NOON)
        keep_item(project, NOW + timedelta(seconds=project.pk))
        count_items([(project.pk, "session", 1)])
        add_outcomes({Counted(project.pk, 1, "accepted", "session", ""): 1})
        PayloadDictionary.objects.create(
            project=project, platform="p", version=1, sample_count=1, content=b"", created_at=NOW
        )
        make_attachment(project)
        make_feedback(project, "It broke.")
    Project.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    remove_deleted(now=NOW + timedelta(minutes=6))
    assert list(Project.objects.all()) == [kept]
    assert set(KeptBytes.objects.values_list("project_id", flat=True)) == {kept.pk}
    for model in (
        Event,
        EventPayload,
        HourlyCount,
        IssueUser,
        GroupingKey,
        Issue,
        SeenEvent,
        StoredItem,
        StoredEnvelope,
        Attachment,
        AttachmentContent,
        Feedback,
        ItemCount,
        OutcomeCount,
        PayloadDictionary,
    ):
        assert model.objects.count() == 1, model


def test_an_issue_that_a_failed_batch_left_without_events_goes() -> None:
    project = make_project()
    Issue.objects.create(
        project=project,
        number=1,
        title="Empty",
        status_changed_at=NOW - timedelta(hours=2),
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    remove_deleted(now=NOW)
    remove_deleted(now=NOW + timedelta(minutes=6))
    assert not Issue.objects.exists()
