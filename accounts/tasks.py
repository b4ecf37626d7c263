"""Work of the accounts app that must not keep a page waiting."""

import smtplib
from contextlib import suppress
from datetime import datetime

from celery import shared_task
from django.core.management import call_command
from kombu.exceptions import OperationalError

from accounts import services
from accounts.api_token_services import note_api_token_use
from common.background import Background


@shared_task(
    autoretry_for=(smtplib.SMTPException, OSError),
    retry_backoff=10,
    retry_kwargs={"max_retries": 3},
)
def send_reset_mail(login: str) -> None:
    """Mail a reset link. Off the request, so that its length tells nobody whether a name exists."""
    services.send_reset_mail(login=login)


@shared_task
def remove_old_sessions() -> None:
    """Remove sessions that have run out: Django leaves their rows where they are."""
    call_command("clearsessions")


@shared_task(ignore_result=True)
def write_token_use(token_id: int, used_at: str) -> None:
    """Keep when a token was last used (ISO 8601)."""
    note_api_token_use(token_id=token_id, now=datetime.fromisoformat(used_at))


# A broker that is away or hangs costs this note, and no request.
notes = Background("token-use")


def note_token_use(token_id: int, now: datetime) -> None:
    """Have it written soon. Never blocks."""
    notes.run(lambda: _send(token_id, now))


def _send(token_id: int, now: datetime) -> None:
    with suppress(OperationalError):
        write_token_use.apply_async((token_id, now.isoformat()), retry=False)
