"""Every part of the site on one page; routed in development only."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


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
        "code": 'import sentry_sdk\n\nsentry_sdk.init(dsn="https://key@errors.example.com/1")',
    }
