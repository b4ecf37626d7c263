"""What people and scripts do with the keys of native clients."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from common.secret_texts import (
    MAX_LENGTH,
    SecretText,
    hash_secret,
    is_sendable,
    make_secret,
    take_secret,
    weakness,
)
from projects.models import NativeArea, NativeKey, Project
from projects.services import ProjectError

# What every key that is made here begins with.
KEY_KIND = "cak"


def create_native_key(
    *,
    project: Project | None,
    label: str,
    areas: Collection[str] = tuple(NativeArea.values),
    expires_at: datetime | None = None,
    errors_per_minute: int | None = None,
    created_by: User | None = None,
) -> tuple[NativeKey, str]:
    """A new key of a project, or without one of the whole site; and its text, shown once."""
    secret = make_secret(KEY_KIND)
    key = NativeKey.objects.create(
        project=project,
        label=label,
        prefix=secret.prefix,
        secret_hash=secret.secret_hash,
        areas=sorted(areas),
        expires_at=expires_at,
        errors_per_minute=errors_per_minute,
        created_by=created_by,
    )
    return key, secret.text


def import_native_key(*, project: Project | None, label: str, text: str) -> NativeKey:
    """Take a key that clients send already; the same one again is left as it is.

    Raises: ProjectError for one that cannot be sent, is weak, is revoked, or opens something else.
    """
    check_native_key(text)
    if weak := weakness(text):
        raise ProjectError(f"This key is too weak, {weak}. Leave it out to have one made.")
    key = NativeKey.objects.filter(secret_hash=hash_secret(text)).first()
    if key is None:
        return _keep(take_secret(text), project, label)
    if key.project_id != (project.pk if project else None):
        raise ProjectError("This key exists already, and opens something else.")
    if not key.is_active or key.is_expired:
        raise ProjectError("This key exists already, and is revoked or has run out.")
    return key


def _keep(secret: SecretText, project: Project | None, label: str) -> NativeKey:
    try:
        with transaction.atomic():
            return NativeKey.objects.create(
                project=project, label=label, prefix=secret.prefix, secret_hash=secret.secret_hash
            )
    except IntegrityError as error:
        raise ProjectError("This key exists already.") from error


def check_native_key(text: str) -> None:
    """Raise ProjectError for what no client can send as a header."""
    if not is_sendable(text):
        raise ProjectError(
            f"A key is 1 to {MAX_LENGTH} letters, digits and signs of ASCII, without spaces."
        )


def expire_native_key(*, key: NativeKey, now: datetime) -> None:
    """Let the key's time run out now; one that has run out keeps its moment."""
    if key.expires_at is None or key.expires_at > now:
        key.expires_at = now
        key.save(update_fields=["expires_at"])


def note_native_key_use(*, key_id: int, now: datetime) -> None:
    """Keep when a key was last used."""
    NativeKey.objects.filter(pk=key_id).update(last_used_at=now)
