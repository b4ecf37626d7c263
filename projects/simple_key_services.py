"""What people do with the keys of the simple interface."""

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
