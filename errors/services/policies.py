"""What a project wants done with its events, read once in a few seconds."""

import time
from dataclasses import dataclass

from errors.scrub import ScrubPolicy
from projects.models import Project

CACHE_S = 5.0
MAX_PROJECTS = 10_000


@dataclass(frozen=True, slots=True)
class ProjectPolicy:
    """A project that takes events, and how they are scrubbed."""

    project_id: int
    scrub: ScrubPolicy


_policies: dict[int, tuple[float, ProjectPolicy | None]] = {}


def policy_of(project_id: int) -> ProjectPolicy | None:
    """The project's policy, at most CACHE_S old; None when the project is deleted or unknown."""
    known = _policies.get(project_id)
    if known is None or known[0] < time.monotonic():
        if len(_policies) >= MAX_PROJECTS:
            _policies.clear()
        known = _policies[project_id] = (time.monotonic() + CACHE_S, _read_policy(project_id))
    return known[1]


def forget_policies() -> None:
    """Read every project anew."""
    _policies.clear()


def _read_policy(project_id: int) -> ProjectPolicy | None:
    row = (
        Project.objects.active()
        .filter(pk=project_id)
        .values_list("sensitive_fields", "safe_fields", "drop_ip_addresses")
        .first()
    )
    if row is None:
        return None
    sensitive, safe, drop_ip_addresses = row
    scrub = ScrubPolicy(_names(sensitive), _names(safe), drop_ip_addresses)
    return ProjectPolicy(project_id, scrub)


def _names(text: str) -> tuple[str, ...]:
    """Field names, one a line; a name may have spaces in it."""
    return tuple(filter(None, map(str.strip, text.splitlines())))
