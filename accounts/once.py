"""Forms that make a secret: sent once, though their answer is loaded again."""

import secrets

from django import forms
from django.http import HttpRequest

_REMEMBERED = 20


def _new_number() -> str:
    return secrets.token_urlsafe(12)


class OnceForm(forms.Form):
    """Has a number of its own, by which a reload is known; its answer shows what it made."""

    once = forms.CharField(
        required=False, max_length=32, widget=forms.HiddenInput, initial=_new_number
    )


def is_first_time(request: HttpRequest, once: str) -> bool:
    """Whether this session has not sent the form of this number yet; notes that it has."""
    if not once:
        return True
    sent = request.session.get("sent_once", [])
    if once in sent:
        return False
    request.session["sent_once"] = [*sent, once][-_REMEMBERED:]
    return True
