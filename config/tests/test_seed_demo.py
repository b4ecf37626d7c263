"""`manage.py seed_demo` writes the week through the digest, once."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from config.demo.projects import find_demo, make_projects
from config.demo.seed import count_events
from config.demo.services import SERVICES
from config.demo.words import NOTES
from errors.models import (
    Activity,
    Attachment,
    Event,
    EventPayload,
    Feedback,
    HourlyCount,
    Issue,
    ItemCount,
    Release,
)
from errors.storage import load_document
from projects.models import OutcomeCount, Project

STORIES = sum(len(service.stories) for service in SERVICES)


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("ana", None, "a long password")


def test_every_event_of_the_week_is_counted_once(
    administrator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("seed_demo")

    sent = count_events(timezone.now())
    issues = Issue.objects.filter(project__in=find_demo())
    assert issues.count() == STORIES
    assert issues.aggregate(sum=Sum("event_count")) == {"sum": sent}
    assert HourlyCount.objects.aggregate(sum=Sum("count")) == {"sum": sent}
    assert ItemCount.objects.filter(type="event").aggregate(sum=Sum("count")) == {"sum": sent}
    errors = OutcomeCount.objects.filter(outcome="accepted", category="error")
    assert errors.aggregate(sum=Sum("quantity")) == {"sum": sent}
    assert Event.objects.count() == EventPayload.objects.count() == sent
    assert f"{sent} events in {STORIES} issues" in capsys.readouterr().out
    _check_that_it_looks_lived_in()


def _check_that_it_looks_lived_in() -> None:
    administrator = User.objects.get()
    assert list(find_demo().values_list("short_prefix", flat=True)) == ["BILL", "SHOP", "WEB"]
    assert all(project.members.get() == administrator for project in find_demo())
    assert Release.objects.count() == sum(len(service.deploys) for service in SERVICES)
    came_back = Issue.objects.get(substatus=Issue.Substatus.REGRESSED)
    kinds = came_back.activities.values_list("kind", "user").order_by("created_at")
    assert list(kinds) == [
        (Activity.Kind.RESOLVED, administrator.pk),
        (Activity.Kind.REGRESSED, None),
    ]
    for status in Issue.Status:
        assert Issue.objects.filter(status=status).count() > 3
    assert Feedback.objects.count() == len(NOTES)
    about = Feedback.objects.exclude(event_id=None)
    assert about.count() == 3
    assert not about.filter(grouping_key=None).exists()
    assert Attachment.objects.count() == 3
    newest = Event.objects.order_by("-pk")[0]
    document = load_document(newest.pk)
    assert document and document["problems"] == []


def test_a_second_run_is_refused(administrator: User) -> None:
    make_projects([administrator], timezone.now())
    with pytest.raises(CommandError, match="--again"):
        call_command("seed_demo")
    assert Event.objects.count() == 0


def test_again_replaces_the_demo_and_nothing_else(administrator: User) -> None:
    own = Project.objects.create(name="shop-api", slug="own", short_prefix="OWN")
    old = {key.project_id for key in make_projects([administrator], timezone.now()).values()}

    call_command("seed_demo", again=True)

    own.refresh_from_db()
    assert own.deleted_at is None
    assert Project.objects.active().filter(pk__in=old).count() == 0
    assert Issue.objects.filter(project__in=find_demo()).count() == STORIES


def test_without_an_administrator_it_says_what_to_do(db: None) -> None:
    with pytest.raises(CommandError, match="make run"):
        call_command("seed_demo")
