"""What happens to accounts: the first administrator, and links that reset a password."""

import secrets
from dataclasses import dataclass
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """The account made at the first start; the password is "" when ADMIN_PASSWORD set it."""

    name: str
    one_time_password: str


def ensure_first_administrator() -> FirstAdministrator | None:
    """Make the administrator of a site that has no people yet; None where somebody exists.

    A password that is made up here must be shown to the operator now: only its hash is kept,
    and the first sign-in asks for another one.
    """
    if User.objects.exists():
        return None
    one_time_password = "" if settings.ADMIN_PASSWORD else secrets.token_urlsafe(12)
    user = User.objects.create_superuser(
        "admin",
        settings.ADMIN_EMAIL or None,
        settings.ADMIN_PASSWORD or one_time_password,
        must_change_password=bool(one_time_password),
    )
    return FirstAdministrator(name=user.name, one_time_password=one_time_password)


def first_administrator() -> User | None:
    """Who owns what a script makes: the administrator who has been here the longest."""
    return User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()


def find_user(login: str) -> User | None:
    """The active person who signs in with this name or email, whatever the capitals."""
    return User.objects.filter(
        Q(name__iexact=login) | Q(email=login.lower()), is_active=True
    ).first()


def record_sign_in(*, user: User) -> None:
    """Note when somebody signed in; links that reset their password end with it."""
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])


def sign_out_everywhere(*, users: QuerySet[User]) -> int:
    """End all sessions and pairs of tokens of these people; API tokens stay. Returns how many."""
    return users.update(signed_out_at=timezone.now())


def make_reset_link(user: User) -> str:
    """A signed address where this person sets a new password.

    It ends with its first use, with a sign-in, or after settings.PASSWORD_RESET_TIMEOUT seconds.
    """
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return urljoin(settings.SITE_URL, path)


def send_reset_mail(*, login: str) -> None:
    """Mail a reset link to the person behind a name or email; nothing where there is none.

    Raises: smtplib.SMTPException, OSError when the mail server does not take it.
    """
    user = find_user(login)
    if user is None or not user.email:
        return
    context = {
        "name": user.name,
        "link": make_reset_link(user),
        "site_url": settings.SITE_URL,
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    body = render_to_string("accounts/mail/reset_password.txt", context)
    send_mail("Set a new password for Catchall", body, None, [user.email])
