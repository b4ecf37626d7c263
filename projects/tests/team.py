"""One project, and somebody in every role around it."""

from dataclasses import dataclass

from django.test import Client

from accounts.models import User
from projects.models import Membership, Project
from projects.services import create_project

ROLES = Membership.Role.values


@dataclass
class Team:
    """The project, and the people by role, "stranger" and "superuser" among them."""

    project: Project
    people: dict[str, User]

    def client(self, who: str) -> Client:
        """A browser in which this person is signed in; "nobody" is not."""
        client = Client()
        if who != "nobody":
            client.force_login(self.people[who])
        return client

    def membership(self, role: str) -> Membership:
        return Membership.objects.get(project=self.project, user=self.people[role])


def make_team(*, is_staff: bool = False) -> Team:
    """The project Shop with a viewer, a member, a manager and an owner."""
    people = {who: User.objects.create_user(who, is_staff=is_staff) for who in [*ROLES, "stranger"]}
    people["superuser"] = User.objects.create_superuser("superuser")
    project = create_project(name="Shop", platform="python-fastapi", owner=people["owner"])
    for role in ("viewer", "member", "manager"):
        Membership.objects.create(project=project, user=people[role], role=role)
    return Team(project, people)
