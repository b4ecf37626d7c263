"""Pages of one's own account; signing in and out are allauth's views in our templates."""

from allauth.account.views import PasswordResetView
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import SettingsForm, ThemeForm
from accounts.http import PersonRequest
from accounts.models import User
from accounts.services import sign_out_everywhere


def reset_password(request: HttpRequest) -> HttpResponseBase:
    """Ask for a reset mail; without a mail server the page says who can make a link."""
    if not settings.HAS_EMAIL:
        return render(request, "accounts/reset_without_mail.html")
    response: HttpResponseBase = PasswordResetView.as_view()(request)
    return response


# A new email asks for the password: whoever found an open session must not guess it here.
@login_required
@rate_limit(action="settings")  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "POST"])
def account_settings(request: PersonRequest) -> HttpResponse:
    """What people set for themselves: email, Telegram, time zone, theme."""
    form = SettingsForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Your settings are saved.")
        return redirect("account_settings")
    # A refused form must not show its values as if they were the person's own.
    request.user.refresh_from_db()
    return render(request, "accounts/settings.html", {"section": "account", "form": form})


@login_required
@require_POST
def sign_out_elsewhere(request: PersonRequest) -> HttpResponse:
    """End the person's other sessions and the tokens of their programs; this session goes on."""
    sign_out_everywhere(users=User.objects.filter(pk=request.user.pk))
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    messages.success(request, "You are signed out everywhere else.")
    return redirect("account_settings")


@login_required
@require_POST
def set_theme(request: PersonRequest) -> HttpResponse:
    """Keep the theme chosen in the top bar; a plain form goes back to where it came from."""
    form = ThemeForm(request.POST, instance=request.user)
    if not form.is_valid():
        return HttpResponse("Choose system, light or dark.", status=400, content_type="text/plain")
    form.save()
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(_local_address(request, request.POST.get("next", "")))


def _local_address(request: HttpRequest, address: str) -> str:
    is_local = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if is_local else "account_settings"
