"""Where open pages listen for what the digest says."""

from django.urls import get_script_prefix

from projects.models import Project


def live_address(project: Project | None) -> str:
    """The WebSocket of a project, or of all that the person may see; see errors.routing."""
    place = f"projects/{project.slug}" if project else "issues"
    return f"{get_script_prefix()}ws/{place}/"
