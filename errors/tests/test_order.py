"""What lists are sorted by coarsely, as the database computes it."""

from datetime import UTC, datetime

import pytest

from errors.models import Issue
from errors.tests.factories import make_issue, make_project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "magnitude"), [(0, 10), (1, 11), (9, 19), (10, 21), (19, 21), (2431, 42)]
)
def test_a_magnitude_is_the_digits_and_the_first_one(number: int, magnitude: int) -> None:
    issue = make_issue(make_project(), event_count=number, user_count=number)
    issue.refresh_from_db()
    assert (issue.event_magnitude, issue.user_magnitude) == (magnitude, magnitude)


def test_an_hour_follows_the_time_of_the_last_event() -> None:
    at = datetime(2026, 3, 4, 5, 30, 20, tzinfo=UTC)
    issue = make_issue(make_project(), last_seen_at=at)
    issue.refresh_from_db()
    assert issue.last_seen_hour == int(at.timestamp()) // 3600
    Issue.objects.filter(pk=issue.pk).update(last_seen_at=at.replace(hour=7))
    issue.refresh_from_db()
    assert issue.last_seen_hour == int(at.timestamp()) // 3600 + 2
