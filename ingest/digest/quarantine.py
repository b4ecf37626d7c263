"""Messages that cannot be digested are set aside, as received, with the reason."""

from datetime import UTC, datetime

import structlog
from django.db import transaction

from common.text import clean_text
from ingest.digest.outcomes import count_message
from ingest.inbox.base import Delivery, encode_meta
from ingest.models import QuarantinedMessage
from projects.statistics import Outcome, add_outcomes

MAX_ERROR_LENGTH = 500
log = structlog.get_logger(__name__)


class RepeatedDeliveryError(Exception):
    """A message whose readers have died several times is set aside without another look."""


def quarantine(delivery: Delivery, error: Exception, *, now: float) -> None:
    """Keep the message and why. The body is never shown; the reason is one line, bounded."""
    message = delivery.message
    reason = clean_text(next(iter(str(error).splitlines()), ""))[:MAX_ERROR_LENGTH]
    with transaction.atomic():
        _, is_new = QuarantinedMessage.objects.get_or_create(
            pk=delivery.row_id,
            defaults={
                "project_id": message.project_id,
                "meta": encode_meta(message),
                "body": message.body,
                "body_bytes": len(message.body),
                "error_type": type(error).__name__[:200],
                "error": reason,
                "deliveries": delivery.deliveries,
                "quarantined_at": datetime.fromtimestamp(now, UTC),
            },
        )
        if is_new:
            add_outcomes(count_message(message, Outcome.QUARANTINED))
    log.warning(
        "digest.quarantined",
        row_id=delivery.row_id,
        project_id=message.project_id,
        error_type=type(error).__name__,
        error=reason,
    )
