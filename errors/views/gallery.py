"""Every part of the site on one page; routed in development only."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from errors.presenters.breadcrumbs import present_breadcrumbs
from errors.presenters.charts import draw_histogram, draw_sparkline, hour_of
from errors.presenters.stacktrace import present_exceptions


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="Shown to everybody.")
    platform = forms.ChoiceField(choices=[("go", "Go"), ("php", "PHP")], required=False)
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    is_quiet = forms.BooleanField(label="Send no mail", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """All components with example inputs, and a toast that can be undone."""
    messages.success(request, "SHOP-41 is resolved.", extra_tags="example")
    return render(request, "errors/gallery.html", _examples())


EVENT: dict[str, Any] = {
    "platform": "python",
    "timestamp": 1_800_000_000.0,
    "exception": {
        "values": [
            {
                "type": "ZeroDivisionError",
                "value": "division by zero",
                "mechanism": {"type": "django", "handled": False},
                "stacktrace": {
                    "frames": [
                        {"filename": "django/core/handlers/base.py", "function": "get_response"},
                        {"filename": "django/views/generic/base.py", "function": "dispatch"},
                        {
                            "filename": "checkout/services.py",
                            "function": "pay",
                            "lineno": 41,
                            "in_app": True,
                            "pre_context": ["def pay(order):", '    total = order["total"]'],
                            "context_line": '    return total / order["people"]  # the crash',
                            "vars": {"order": {"people": 0}, "total": 118.5},
                        },
                    ]
                },
            }
        ]
    },
    "breadcrumbs": {
        "values": [
            {"timestamp": 1_799_999_988.2, "category": "query", "message": "SELECT 1"},
            {
                "timestamp": 1_799_999_999.6,
                "category": "http",
                "level": "warning",
                "data": {"method": "GET", "url": "https://pay.example.com", "status_code": 502},
            },
        ]
    },
}


def _example_hours(now_hour: int) -> dict[int, int]:
    """A month that grows, with a pause each night."""
    return {now_hour - back: (720 - back) * (back % 24 > 7) for back in range(720)}


def _examples() -> dict[str, Any]:
    now = timezone.now()
    return {
        "section": "issues",
        "levels": ["fatal", "error", "warning", "info", "debug"],
        "tabs": [
            {"label": "Unresolved", "href": "#", "is_current": True, "count": 312},
            {"label": "Resolved", "href": "#", "count": 12_400},
            {"label": "Archived", "href": "#"},
        ],
        "menu_items": [
            {"label": "Last seen", "href": "#", "is_current": True},
            {"label": "Events", "href": "#"},
        ],
        "times": [now - timedelta(seconds=seconds) for seconds in (3, 150, 9_000, 3e5, 3e6)],
        "numbers": [0, 987, 12_400, 3_100_000],
        "page": Paginator(range(312), 50).page(2),
        "rows": [("user", "ana@example.com"), ("server", "web-1"), ("note", "first\nsecond")],
        "form": ExampleForm({"name": ""}),
        "headings": [("Events", "#", False), ("Last seen", "#", True)],
        "sparkline": draw_sparkline(_example_hours(hour_of(now)), now_hour=hour_of(now)),
        "histogram": draw_histogram(
            _example_hours(hour_of(now)), [("v1.4.2", now - timedelta(days=9))], now=now
        ),
        "stacks": present_exceptions(EVENT, newest_first=True),
        "breadcrumbs": present_breadcrumbs(EVENT),
        "code": 'import sentry_sdk\n\nsentry_sdk.init(dsn="https://key@errors.example.com/1")',
    }
