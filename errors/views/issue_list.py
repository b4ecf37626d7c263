"""The list of issues, of one project or of all."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.http import PersonRequest
from projects.models import Project


def home(request: PersonRequest) -> HttpResponse:
    """The site's first page is the list of issues."""
    return redirect("issue_list")


@login_required
def issue_list(request: PersonRequest, slug: str | None = None) -> HttpResponse:
    """Issues of one project, or of all that the person may see."""
    project = slug and get_object_or_404(Project.objects.visible_to(request.user), slug=slug)
    return render(request, "errors/issue_list.html", {"section": "issues", "project": project})
