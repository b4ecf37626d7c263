"""Whether a name and a password belong together, with the limits of the sign-in page."""

from typing import cast

from django.http import HttpRequest

from accounts.forms import SignInForm
from accounts.models import User


class TooManyAttempts(Exception):
    """Too many failed for this name or from this address; the text is for people."""


def check_password(http: HttpRequest, *, login: str, password: str) -> User | None:
    """The active person, or None, which takes as long for unknown people as for wrong passwords.

    Goes through the page's own form, so that both count the same attempts.
    Raises: TooManyAttempts.
    """
    form = SignInForm({"login": login, "password": password}, request=http)
    if form.is_valid():
        user = cast(User, form.user)
        return user if user.is_active else None
    for error in form.non_field_errors().as_data():
        if error.code == "too_many_login_attempts":
            raise TooManyAttempts(error.message)
    return None
