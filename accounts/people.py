"""Adding, changing and removing people, for programs; the admin has its own forms."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.models import User

TAKEN = "A person with this name exists already."


class PersonError(Exception):
    """A rule of people that was about to be broken; the text is for the person."""


def create_person(
    *,
    name: str,
    password: str,
    telegram_chat_id: str | None = None,
    email: str = "",
    is_administrator: bool = False,
) -> User:
    """Add somebody who signs in by name and password, which a superuser chose: any will do.

    Raises: PersonError for a name or email that is taken; ValidationError for one that is none.
    """
    user = User(name=name, telegram_chat_id=telegram_chat_id, email=email)
    user.is_staff = user.is_superuser = is_administrator
    user.set_password(password)
    if email and User.objects.filter(email=email.lower()).exists():
        raise PersonError("A person with this email exists already.")
    _save(user)
    return user


def change_person(*, user: User, by: User, **changes: str | None) -> None:
    """Set name, password, telegram_chat_id; what is not named stays.

    A new password ends the sessions and tokens of the person. People's own must be hard to guess;
    what superusers choose for others is theirs to answer for.
    Raises: as create_person; ValidationError for a weak password.
    """
    password = changes.pop("password", None)
    for name, value in changes.items():
        setattr(user, name, value)
    if password is not None:
        if user == by or not by.is_superuser:
            _check_password(password, user)
        user.set_password(password)
        user.must_change_password = False
    _save(user)


def delete_person(*, user: User) -> None:
    """Remove the account and its memberships. Raises PersonError for a project's only owner."""
    try:
        with transaction.atomic():
            user.delete()
    except models.ProtectedError as error:
        raise PersonError(str(error.args[0])) from error


def _save(user: User) -> None:
    user.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
    others = User.objects.exclude(pk=user.pk)
    if others.filter(name__iexact=user.name).exists():
        raise PersonError(TAKEN)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        # Somebody took the name at this moment.
        raise PersonError(TAKEN) from error


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": list(error.messages)}) from error
