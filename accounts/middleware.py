"""What follows from who is signed in: their time zone, and a password that must change first."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

View = Callable[..., HttpResponse]


class TimeZoneMiddleware:
    """Activate the person's time zone for the length of the request."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class PasswordChangeMiddleware:
    """Send people with a one-time password to the page that changes it."""

    # Besides views that need no sign-in, such as the way out.
    ALLOWED = {"account_change_password", "account_theme"}

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if request.resolver_match and request.resolver_match.url_name in self.ALLOWED:
            return None
        is_page = request.method == "GET"
        wanted = request.get_full_path() if is_page else resolve_url(settings.LOGIN_REDIRECT_URL)
        return redirect_to_login(wanted, reverse("account_change_password"))
