"""Work of the accounts app that must not keep a page waiting."""

import smtplib

from celery import shared_task
from django.core.management import call_command

from accounts import services


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
