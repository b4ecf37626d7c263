"""What people do with projects, their keys and their members."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import find_user
from projects.languages import platform_of
from projects.models import (
    Membership,
    MembershipQuerySet,
    Project,
    ProjectKey,
    new_public_key,
)
from projects.naming import derive_prefix, derive_slug

OWNER = Membership.Role.OWNER
_PUBLIC_KEY = re.compile(r"[0-9a-f]{32}")


class ProjectError(Exception):
    """A rule of projects that was about to be broken; the text is for the person."""


def create_project(
    *,
    name: str,
    platform: str,
    owner: User | None,
    public_key: str | None = None,
    language: str = "",
) -> Project:
    """Make a project with its address, short prefix, first key (a new one), and its owner.

    language: what the program that makes it calls its language; "" for people.
    """
    public_key = public_key or new_public_key()
    try:
        return _create_project(name, platform, owner, public_key, language)
    except IntegrityError:
        # Somebody took the same address or prefix at this moment; the next free one is seen now.
        return _create_project(name, platform, owner, public_key, language)


@transaction.atomic
def _create_project(
    name: str, platform: str, owner: User | None, public_key: str, language: str
) -> Project:
    slugs = set(Project.objects.values_list("slug", flat=True))
    prefixes = set(Project.objects.values_list("short_prefix", flat=True))
    project = Project.objects.create(
        name=name,
        slug=derive_slug(name, slugs),
        short_prefix=derive_prefix(name, prefixes),
        platform=platform,
        language=language,
    )
    ProjectKey.objects.create(project=project, public_key=public_key)
    if owner is not None:
        Membership.objects.create(project=project, user=owner, role=OWNER)
    return project


def change_project(*, project: Project, name: str | None, language: str | None) -> None:
    """Set what a program names; None stays. Address and short ids stay as they are."""
    if name is not None:
        project.name = name
    if language is not None:
        project.language = language
        project.platform = platform_of(language)
    project.save(update_fields=["name", "language", "platform"])


@transaction.atomic
def delete_project(*, project: Project, by: User, now: datetime) -> None:
    """Mark it deleted: gone for people and for accept at once; its data goes in the background.

    Its address and prefix are free for others from now on. Raises ProjectError for non-owners.
    """
    if not is_owner(project, by):
        raise ProjectError("Only an owner can delete a project.")
    project.deleted_at = now
    project.slug = f"deleted-{project.pk}"
    project.short_prefix = f"DELETED{project.pk}"
    project.save(update_fields=["deleted_at", "slug", "short_prefix"])


def create_key(*, project: Project, label: str) -> ProjectKey:
    """A further key for the same project, such as one for each application."""
    return ProjectKey.objects.create(project=project, label=label)


def check_public_key(public_key: str, project: Project | None) -> None:
    """Raise ProjectError for a public key that this project cannot have, or has revoked."""
    if not _PUBLIC_KEY.fullmatch(public_key):
        raise ProjectError("A DSN's key has 32 lower-case hex digits.")
    key = ProjectKey.objects.filter(public_key=public_key).first()
    if key and (project is None or key.project_id != project.pk):
        raise ProjectError("This key belongs to another project.")
    if key and not key.is_active:
        raise ProjectError("This key of the project is revoked.")


def keep_key(*, project: Project, public_key: str) -> ProjectKey:
    """Take over the key of a DSN that clients have. Raises ProjectError, as check_public_key."""
    check_public_key(public_key, project)
    key, _ = project.keys.get_or_create(public_key=public_key, defaults={"label": "Kept"})
    return key


def rename_key(*, key: ProjectKey, label: str) -> None:
    """Call the key something else; its DSN stays."""
    key.label = label
    key.save(update_fields=["label"])


def limit_key(*, key: ProjectKey, count: int | None, window_s: int | None) -> None:
    """Take at most so much of each category with this key; no count: as much as comes."""
    key.rate_limit, key.rate_limit_window_s = count, window_s
    key.save(update_fields=["rate_limit", "rate_limit_window_s"])


@transaction.atomic
def add_member(*, project: Project, login: str, role: str, by: User) -> Membership:
    """Let an existing person in, by name or email. Raises ProjectError."""
    user = find_user(login)
    if user is None:
        raise ProjectError(f"Nobody here is called {login}. An administrator can add them.")
    if Membership.objects.filter(project=project, user=user).exists():
        raise ProjectError(f"{user} is a member already.")
    _check_may_grant(project, role, by)
    return Membership.objects.create(project=project, user=user, role=role)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> None:
    """Give a member another role. Raises ProjectError where owners would be left without one."""
    _check_may_grant(membership.project, role, by)
    if role != OWNER:
        _check_may_leave_owners(membership, by)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Take a person out of a project. Raises ProjectError for the last owner."""
    _check_may_leave_owners(membership, by)
    membership.delete()


def _check_may_grant(project: Project, role: str, by: User) -> None:
    if role == OWNER and not is_owner(project, by):
        raise ProjectError("Only an owner can make somebody an owner.")


def _check_may_leave_owners(membership: Membership, by: User) -> None:
    if membership.role != OWNER:
        return
    if not is_owner(membership.project, by):
        raise ProjectError("Only an owner can change or remove an owner.")
    check_owner_remains(Membership.objects.filter(pk=membership.pk))


def check_owner_remains(leaving: MembershipQuerySet) -> None:
    """Raise ProjectError where these owners, once gone, would leave a project without one.

    Inside a transaction: the row locks keep two owners from removing each other at the same
    moment.
    """
    projects = list(leaving.values_list("project", flat=True))
    list(Membership.objects.select_for_update().filter(project__in=projects, role=OWNER))
    last = leaving.last_owners().first()
    if last:
        raise ProjectError(f"{last.user} is the only owner. Make somebody else an owner first.")


def is_owner(project: Project, user: User) -> bool:
    """Whether owners are this person's to change, and the project's end."""
    return user.is_superuser or project.memberships.filter(user=user, role=OWNER).exists()
