"""Writes of the ingest app: replaying what was set aside, letting old receipts go."""

from ingest.services.quarantine import replay
from ingest.services.retention import count_old, remove_old_quarantine, remove_old_receipts

__all__ = ["count_old", "remove_old_quarantine", "remove_old_receipts", "replay"]
