"""Bounds of what is accepted and how long it is kept. Sizes in bytes, times as named."""

from config.settings.environment import read_int

MEBIBYTE = 1024 * 1024

# A request's body as sent, all bodies being received at once, and one envelope or event opened.
MAX_BODY_BYTES = read_int("MAX_BODY_BYTES", 20 * MEBIBYTE, minimum=1024)
MAX_INFLIGHT_BYTES = read_int("MAX_INFLIGHT_BYTES", 64 * MEBIBYTE, minimum=1024)
MAX_ENVELOPE_BYTES = read_int("MAX_ENVELOPE_BYTES", 20 * MEBIBYTE, minimum=1024)
MAX_EVENT_BYTES = read_int("MAX_EVENT_BYTES", MEBIBYTE, minimum=1024)

# Items that are no event are kept up to this size and number an envelope; all are counted.
MAX_STORED_ITEM_BYTES = read_int("MAX_STORED_ITEM_BYTES", MEBIBYTE)
MAX_STORED_ITEMS = read_int("MAX_STORED_ITEMS", 100)

# The inbox answers 503 above this; bodies above SPOOL_BYTES lie in files beside it.
INBOX_MAX_BYTES = read_int("INBOX_MAX_BYTES", 512 * MEBIBYTE, minimum=MEBIBYTE)
SPOOL_BYTES = read_int("SPOOL_BYTES", 256 * 1024, minimum=1024)

# Ingestion stops with 503 when less of the disk than this is free.
MIN_FREE_DISK_PERCENT = read_int("MIN_FREE_DISK_PERCENT", 5)

# Days that events are kept unless a project says otherwise, and events kept for an issue.
RETENTION_EVENT_DAYS = read_int("RETENTION_EVENT_DAYS", 90, minimum=1)
MAX_EVENTS_PER_ISSUE = read_int("MAX_EVENTS_PER_ISSUE", 1000, minimum=10)
QUARANTINE_DAYS = read_int("QUARANTINE_DAYS", 7, minimum=1)
