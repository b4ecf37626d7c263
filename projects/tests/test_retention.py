"""Which number counts, and who said so."""

import pytest

from projects.models import Project, SitePolicy
from projects.policies import longest_days, project_numbers, read_policies, site_numbers
from projects.retention import SETTINGS, Effective, decide, policy_from

DEFAULTS = dict.fromkeys(SETTINGS, 100)


def test_the_first_layer_with_a_number_decides() -> None:
    numbers = decide(
        ("project", {"retention_days": 7, "max_events": None}),
        ("site", {"retention_days": 30, "max_events": 0}),
        ("settings", DEFAULTS),
    )
    assert numbers["retention_days"] == Effective(7, "project")
    # No bound is a decision, too.
    assert numbers["max_events"] == Effective(0, "site")
    assert numbers["resolved_days"] == Effective(100, "settings")
    assert policy_from(numbers).max_events_per_issue == 100


def test_a_number_that_nobody_gives_is_an_error() -> None:
    with pytest.raises(KeyError):
        decide(("project", {"retention_days": 7}))


@pytest.mark.django_db
def test_a_project_overrides_the_site_and_the_site_the_settings() -> None:
    project = Project.objects.create(name="Shop", slug="shop", short_prefix="SHOP", max_events=5)
    assert site_numbers()["retention_days"] == Effective(90, "the settings")
    SitePolicy.objects.create(pk=SitePolicy.ONLY, retention_days=30, max_events=9)
    numbers = project_numbers(project)
    assert numbers["max_events"] == Effective(5, "this project")
    assert numbers["retention_days"] == Effective(30, "the site's policy")
    assert numbers["max_events_per_issue"] == Effective(1000, "the settings")
    assert read_policies([project])[project.pk] == policy_from(numbers)
    # A policy that is not saved yet can be tried.
    edited = SitePolicy(pk=SitePolicy.ONLY, retention_days=10)
    assert read_policies([project], edited)[project.pk].retention_days == 10


@pytest.mark.django_db
def test_the_longest_retention_is_a_projects_or_the_sites() -> None:
    assert longest_days() == 90
    Project.objects.create(name="Shop", slug="shop", short_prefix="SHOP", retention_days=7)
    assert longest_days() == 90
    Project.objects.create(name="Blog", slug="blog", short_prefix="BLOG", retention_days=400)
    assert longest_days() == 400
