"""Which retention counts for a project, and where each of its numbers comes from."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from projects.models import Project
from projects.retention import SETTINGS, Effective, RetentionPolicy, decide, policy_from
from projects.site_policy import SitePolicy

PROJECT, SITE, ENVIRONMENT = "this project", "the site's policy", "the settings"
_Layer = tuple[str, Mapping[str, int | None]]


def site_numbers(site: SitePolicy | None = None) -> dict[str, Effective]:
    """What counts where a project says nothing; `site` stands for the row as it would be."""
    return decide(*_site_layers(site))


def project_numbers(project: Project, site: SitePolicy | None = None) -> dict[str, Effective]:
    """What counts for this project, by the names of its fields."""
    return decide(_layer(PROJECT, project), *_site_layers(site))


def numbers_without(row: Project | SitePolicy) -> dict[str, Effective]:
    """What counts where this row says nothing."""
    return site_numbers(None if isinstance(row, Project) else SitePolicy())


def read_policies(
    projects: Iterable[Project], site: SitePolicy | None = None
) -> dict[int, RetentionPolicy]:
    """The policy of each project by its id; at most one query beside the projects' own."""
    layers = _site_layers(site)
    return {
        project.pk: policy_from(decide(_layer(PROJECT, project), *layers)) for project in projects
    }


def longest_days() -> int:
    """How long events are kept where they are kept longest."""
    own = Project.objects.order_by().values_list("retention_days", flat=True).distinct()
    site = site_numbers()["retention_days"].value
    return max(site if days is None else days for days in [*own, None])


def _site_layers(site: SitePolicy | None) -> list[_Layer]:
    from_settings = {name: getattr(settings, setting) for name, setting in SETTINGS.items()}
    return [_layer(SITE, site or SitePolicy.current()), (ENVIRONMENT, from_settings)]


def _layer(source: str, row: Project | SitePolicy) -> _Layer:
    return source, {name: getattr(row, name) for name in SETTINGS}
