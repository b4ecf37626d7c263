"""What people do with the keys of the simple interface."""

from datetime import datetime

from django.db import IntegrityError, transaction

from projects.models import Project, SimpleKey
from projects.services import ProjectError


def add_simple_key(*, project: Project, key: str) -> SimpleKey:
    """Let events that name this key go to the project. Raises ProjectError: somebody has it."""
    try:
        with transaction.atomic():
            return SimpleKey.objects.create(project=project, key=key)
    except IntegrityError as error:
        raise ProjectError("This simple key is taken: it leads to a project already.") from error


def revoke_simple_key(*, key: SimpleKey, now: datetime) -> None:
    """Refuse the key from now on (within seconds); it is not given out again."""
    key.revoked_at = key.revoked_at or now
    key.save(update_fields=["revoked_at"])


def restore_simple_key(*, key: SimpleKey) -> None:
    """Take a revoked key back into use."""
    key.revoked_at = None
    key.save(update_fields=["revoked_at"])
