"""What became of all that a project's applications sent."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import PersonRequest
from common.data_categories import CATEGORIES
from projects.access import visible_project
from projects.statistics.chart import SPANS, Span
from projects.statistics.page import StatisticsPage, read_page

DEFAULT_SPAN = SPANS["7d"]


@login_required
@require_GET
def project_statistics(request: PersonRequest, slug: str) -> HttpResponse:
    """A chart by outcome, the sums, and each reason, for everybody in the project."""
    project = visible_project(request.user, slug)
    span = SPANS.get(request.GET.get("range", ""), DEFAULT_SPAN)
    asked = request.GET.get("category", "")
    category = asked if asked in CATEGORIES else ""
    page = read_page(project.pk, span, category, now=timezone.localtime())
    context = {
        "section": "project",
        "project": project,
        "page": page,
        "span": span,
        "spans": list(_span_tabs(span, category)),
        "categories": list(_category_tabs(page, span, category)),
    }
    return render(request, "projects/statistics.html", context)


def _span_tabs(chosen: Span, category: str) -> Iterator[dict[str, Any]]:
    for span in SPANS.values():
        href = _address(span, category)
        yield {"label": span.label, "href": href, "is_current": span is chosen, "count": None}


def _category_tabs(page: StatisticsPage, span: Span, chosen: str) -> Iterator[dict[str, Any]]:
    for name, label in [("", "All"), *page.categories]:
        href = _address(span, name)
        yield {"label": label, "href": href, "is_current": name == chosen, "count": None}


def _address(span: Span, category: str) -> str:
    return "?" + urlencode({"range": span.name} | ({"category": category} if category else {}))
