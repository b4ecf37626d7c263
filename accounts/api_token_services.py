"""What people do with their API tokens."""

from collections.abc import Collection
from datetime import datetime

from accounts.api_token import TOKEN_KIND
from accounts.models import ApiToken, User
from common.secret_texts import make_secret


def create_api_token(
    *, user: User, label: str, scopes: Collection[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token of this person, and its text, shown once."""
    secret = make_secret(TOKEN_KIND)
    token = ApiToken.objects.create(
        user=user,
        label=label,
        prefix=secret.prefix,
        secret_hash=secret.secret_hash,
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    return token, secret.text


def revoke_api_token(*, token: ApiToken, now: datetime) -> None:
    """Refuse the token from the next request on; nothing brings it back."""
    token.revoked_at = token.revoked_at or now
    token.save(update_fields=["revoked_at"])


def expire_api_token(*, token: ApiToken, now: datetime) -> None:
    """Let the token's time run out now; one that has run out keeps its moment."""
    if token.expires_at is None or token.expires_at > now:
        token.expires_at = now
        token.save(update_fields=["expires_at"])


def note_api_token_use(*, token_id: int, now: datetime) -> None:
    """Keep when a token was last used."""
    ApiToken.objects.filter(pk=token_id).update(last_used_at=now)
