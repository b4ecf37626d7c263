"""Payloads and files that nobody looks at any more go to object storage, where a site has one."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings

from common.row_ids import row_id_at
from errors.storage.attachments import move_attachments, sweep_objects
from errors.storage.moving import move_payloads
from errors.storage.packs import PayloadsAwayError, has_payload_storage
from errors.storage.sweep import sweep_packs

# Others of the queue wait no longer.
BUDGET_S = 10.0

log = structlog.get_logger(__name__)


def offload_payloads(*, now: datetime) -> None:
    """Move payloads and files older than PAYLOAD_STORAGE_AFTER_HOURS, and remove what has no use.

    While the storage is away, all of it waits: contents stay in the database.
    """
    if not has_payload_storage():
        return
    oldest = now - timedelta(hours=settings.PAYLOAD_STORAGE_AFTER_HOURS)
    before_id = row_id_at(int(oldest.timestamp() * 1000))
    try:
        moved = move_payloads(before_id, now=now, budget_s=BUDGET_S)
        removed = sweep_packs(now=now, budget_s=BUDGET_S)
        files = move_attachments(before_id, now=now, budget_s=BUDGET_S)
        removed += sweep_objects(now=now, budget_s=BUDGET_S)
    except PayloadsAwayError as error:
        log.warning("payloads.storage_away", reason=str(error))
        return
    if moved or files or removed:
        log.info("payloads.offloaded", payloads=moved, files=files, objects_removed=removed)
