"""The demo's projects: made with past dates, and known by the label of their key."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.models import User
from config.demo.services import SERVICES, Service
from projects.models import Membership, Project, ProjectKey, ProjectQuerySet
from projects.naming import derive_prefix
from projects.services import create_project, delete_project

# Nobody's own key is called this, so no project of theirs is ever taken for the demo.
KEY_LABEL = "Made by seed_demo"
AGE = timedelta(days=9)


def find_demo() -> ProjectQuerySet:
    """The demo's projects, where somebody has made it."""
    return Project.objects.active().filter(keys__label=KEY_LABEL)


def remove_demo(*, by: User, now: datetime) -> None:
    """Delete the demo's projects; their data goes in the background, as always."""
    for project in find_demo():
        delete_project(project=project, by=by, now=now)


def make_projects(owners: Iterable[User], now: datetime) -> dict[str, ProjectKey]:
    """Make a project for each service, as if nine days ago; return their keys by service name."""
    owners = list(owners)
    return {service.name: _make_project(service, owners, now - AGE) for service in SERVICES}


def _make_project(service: Service, owners: list[User], made_at: datetime) -> ProjectKey:
    taken = set(Project.objects.active().values_list("short_prefix", flat=True))
    project = create_project(name=service.name, platform=service.platform, owner=None)
    project.short_prefix = derive_prefix(service.prefix, taken)
    project.created_at = made_at
    project.save(update_fields=["short_prefix", "created_at"])
    Membership.objects.bulk_create(
        Membership(project=project, user=owner, role=Membership.Role.OWNER) for owner in owners
    )
    project.keys.update(label=KEY_LABEL, created_at=made_at)
    return project.keys.get()
