"""The projects to fill, with their releases and environments, and the samples with their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from accounts.models import User
from config.demo.services import SERVICES
from config.fill.samples import Family, Kind, prepare_kind
from errors.models import Environment, PayloadDictionary, Release
from errors.models.issue import Level
from errors.services.prepare import PreparedEvent
from projects.models import Project
from projects.services import create_project

# Nothing of what was filled in is ever too old or too much.
KEPT_DAYS = 36_500


class Sample(NamedTuple):
    """What a row of Event takes from its sample."""

    level: int
    release_id: int | None
    environment_id: int


@dataclass(frozen=True, slots=True)
class Place:
    """A project, what is learnt of its platform, and its samples by family."""

    project: Project
    platform: str
    dictionary_id: int
    families: list[Family]
    samples: list[list[Sample]]


def make_places(
    count: int, owners: Sequence[User], *, stories: int, events: int, now: datetime, days: int
) -> list[Place]:
    """Make `count` projects of the demo's services, each with the service's first stories."""
    services = SERVICES[:count]
    kinds = [prepare_kind(service, stories, now) for service in services]
    return [
        _make_place(
            _make_project(number, owners, events, now - timedelta(days=days)),
            kinds[number % len(kinds)],
            events=events,
            now=now,
        )
        for number in range(count)
    ]


def _make_project(
    number: int, owners: Sequence[User], events: int, first_event_at: datetime
) -> Project:
    service = SERVICES[number % len(SERVICES)]
    name = f"{service.name} {number + 1}"
    project = create_project(name=name, platform=service.platform, owner=owners[0])
    project.created_at = project.first_event_at = first_event_at
    project.retention_days, project.max_events_per_issue = KEPT_DAYS, events
    project.save()
    return project


def _make_place(project: Project, kind: Kind, *, events: int, now: datetime) -> Place:
    dictionary = PayloadDictionary.objects.create(
        project=project,
        platform=kind.platform,
        version=1,
        sample_count=events,
        content=kind.dictionary,
        created_at=now,
    )
    told = [sample for family in kind.families for sample in family.samples]
    releases = {
        version: Release.objects.create(project=project, version=version, first_seen_at=now).pk
        for version in sorted({sample.release for sample in told})
    }
    environments = {
        name: Environment.objects.create(project=project, name=name).pk
        for name in sorted({sample.environment for sample in told})
    }

    def place(event: PreparedEvent) -> Sample:
        level = Level(event.summary.level)
        return Sample(level, releases.get(event.release), environments[event.environment])

    samples = [[place(event) for event in family.samples] for family in kind.families]
    return Place(project, kind.platform, dictionary.pk, kind.families, samples)
