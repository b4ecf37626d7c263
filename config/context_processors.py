"""What the frame around every page needs."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from projects.models import Project


def site_frame(request: HttpRequest) -> dict[str, Any]:
    """The person's projects for the switcher; a query only where a template uses it."""
    if not request.user.is_authenticated:
        return {}
    managed = Project.objects.managed_by(request.user).filter(pk=OuterRef("pk"))
    projects = Project.objects.visible_to(request.user).annotate(is_managed=Exists(managed))
    return {"frame_projects": projects.only("name", "slug")}
