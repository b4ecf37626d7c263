"""What the frame around every page needs."""

from typing import Any

from django.http import HttpRequest

from projects.models import Project


def site_frame(request: HttpRequest) -> dict[str, Any]:
    """The person's projects for the switcher; a query only where a template uses it."""
    if not request.user.is_authenticated:
        return {}
    return {"frame_projects": Project.objects.visible_to(request.user).only("name", "slug")}
