"""From an address to the project, for those who may see or manage it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from projects.models import NativeKey, Project
from projects.native_key import NativeKeyQuerySet


def visible_project(user: User, slug: str) -> Project:
    """A project that this person may read. Raises Http404: others learn nothing of it."""
    return get_object_or_404(Project.objects.visible_to(user), slug=slug)


def managed_project(user: User, slug: str) -> Project:
    """A project that this person may manage. Raises Http404, PermissionDenied for its others."""
    project = visible_project(user, slug)
    if not can_manage(user, project):
        raise PermissionDenied(f"Only managers and owners of {project} can do this.")
    return project


def can_write(user: User, project: Project) -> bool:
    """Whether this person may change the project's issues, and send it test events."""
    return Project.objects.writable_by(user).filter(pk=project.pk).exists()


def can_manage(user: User, project: Project) -> bool:
    """Whether settings, keys and members are this person's to change."""
    return Project.objects.managed_by(user).filter(pk=project.pk).exists()


def managed_native_keys(user: User) -> NativeKeyQuerySet:
    """The API keys that this person may change: the site's own are for superusers."""
    if user.is_active and user.is_superuser:
        return NativeKey.objects.filter(project__deleted_at=None)
    return NativeKey.objects.filter(project__in=Project.objects.managed_by(user))
