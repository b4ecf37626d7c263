"""Give messages that were set aside another chance."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from ingest.digest.outcomes import count_message
from ingest.inbox import append_and_wait
from ingest.inbox.base import Message, decode_meta
from ingest.models import QuarantinedMessage
from projects.statistics import Outcome, add_outcomes


def replay(messages: Iterable[QuarantinedMessage]) -> int:
    """Put the messages back into the inbox and return how many.

    A message keeps its receipt: replayed twice, or cut short between inbox and database, it
    still counts once. What fails again comes back into quarantine.
    Raises: InboxFull, InboxUnavailable; what was not yet replayed stays in quarantine.
    """
    # One body at a time: together they may be larger than memory.
    if isinstance(messages, QuerySet):
        messages = messages.select_related(None).defer("meta", "body")
    count = 0
    for kept in messages:
        message = decode_meta(bytes(kept.meta), bytes(kept.body))
        append_and_wait(message)
        _release(kept, message)
        count += 1
    return count


def _release(kept: QuarantinedMessage, message: Message) -> None:
    """It is out of quarantine, and counts for what becomes of it now."""
    quarantined = count_message(message, Outcome.QUARANTINED)
    with transaction.atomic():
        if QuarantinedMessage.objects.filter(pk=kept.pk).delete()[0]:
            add_outcomes({name: -quantity for name, quantity in quarantined.items()})
