"""The page of a person's API tokens."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.api_token_services import create_api_token, revoke_api_token
from accounts.expiry import expiry_of
from accounts.http import PersonRequest
from accounts.models import ApiToken
from accounts.once import is_first_time
from accounts.token_forms import TokenForm


# It asks for the password: whoever found an open session must not guess it here.
@login_required
@rate_limit(action="settings")  # type: ignore[untyped-decorator]  # allauth has no types
@never_cache
@require_http_methods(["GET", "POST"])
def account_tokens(request: PersonRequest) -> HttpResponse:
    """Every token that was not revoked, and a form for one more, whose text this answer holds."""
    form = TokenForm(request.user, request.POST or None)
    made: tuple[ApiToken, str] | None = None
    if form.is_valid():
        if not is_first_time(request, form.cleaned_data["once"]):
            return redirect("account_tokens")
        made = create_api_token(
            user=request.user,
            label=form.cleaned_data["label"],
            scopes=form.cleaned_data["scopes"],
            expires_at=expiry_of(form.cleaned_data["expires"], timezone.now()),
        )
        form = TokenForm(request.user)
    context = {
        "section": "account",
        "tokens": request.user.api_tokens.filter(revoked_at=None),
        "made": made,
        "form": form,
    }
    return render(request, "accounts/tokens.html", context)


@login_required
@require_POST
def token_revoke(request: PersonRequest, token_id: int) -> HttpResponse:
    """Refuse a token of one's own from now on."""
    token = get_object_or_404(ApiToken, user=request.user, pk=token_id)
    revoke_api_token(token=token, now=timezone.now())
    messages.success(request, f"{token.label} is revoked: it opens nothing any more.")
    return redirect("account_tokens")
