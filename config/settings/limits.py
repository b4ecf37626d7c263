"""Bounds of what is accepted and how long it is kept. Sizes in bytes, times as named."""

from config.settings.environment import read_bool, read_int

MEBIBYTE = 1024 * 1024

# A request's body as sent, all bodies being received at once, and one envelope or event opened.
MAX_BODY_BYTES = read_int("MAX_BODY_BYTES", 20 * MEBIBYTE, minimum=1024)
MAX_INFLIGHT_BYTES = read_int("MAX_INFLIGHT_BYTES", 64 * MEBIBYTE, minimum=1024)
MAX_ENVELOPE_BYTES = read_int("MAX_ENVELOPE_BYTES", 20 * MEBIBYTE, minimum=1024)
MAX_EVENT_BYTES = read_int("MAX_EVENT_BYTES", MEBIBYTE, minimum=1024)

# Requests that one client address may make in a minute, whoever it is; 0: as many as it likes.
MAX_REQUESTS_PER_ADDRESS = read_int("MAX_REQUESTS_PER_ADDRESS", 0)

# Items that are no event are kept up to this number an envelope and this size, or their type's
# (errors.item_types) where that is less; all are counted.
MAX_STORED_ITEM_BYTES = read_int("MAX_STORED_ITEM_BYTES", 12 * MEBIBYTE)
MAX_STORED_ITEMS = read_int("MAX_STORED_ITEMS", 100)
MAX_ATTACHMENT_BYTES = read_int("MAX_ATTACHMENT_BYTES", 20 * MEBIBYTE)

# What files, other items and feedback may take in the database or object storage, as kept; the
# oldest go first (errors.services.budgets).
MAX_ATTACHMENT_BYTES_PER_PROJECT = read_int("MAX_ATTACHMENT_BYTES_PER_PROJECT", 1024 * MEBIBYTE)
MAX_ATTACHMENT_BYTES_PER_SITE = read_int("MAX_ATTACHMENT_BYTES_PER_SITE", 5120 * MEBIBYTE)
MAX_ITEM_BYTES_PER_PROJECT = read_int("MAX_ITEM_BYTES_PER_PROJECT", 256 * MEBIBYTE)
MAX_ITEM_BYTES_PER_SITE = read_int("MAX_ITEM_BYTES_PER_SITE", 2048 * MEBIBYTE)
MAX_FEEDBACK_BYTES_PER_PROJECT = read_int("MAX_FEEDBACK_BYTES_PER_PROJECT", 16 * MEBIBYTE)
MAX_FEEDBACK_BYTES_PER_SITE = read_int("MAX_FEEDBACK_BYTES_PER_SITE", 128 * MEBIBYTE)

# The inbox answers 503 above this. In a file, bodies above SPOOL_BYTES lie beside it; in Redis,
# projects spread over so many streams.
INBOX_MAX_BYTES = read_int("INBOX_MAX_BYTES", 512 * MEBIBYTE, minimum=MEBIBYTE)
SPOOL_BYTES = read_int("SPOOL_BYTES", 256 * 1024, minimum=1024)
INBOX_SHARDS = read_int("INBOX_SHARDS", 8, minimum=1, maximum=32)

# Where the inbox is a file, ingestion stops with 503 when less of its disk than this is free.
MIN_FREE_DISK_PERCENT = read_int("MIN_FREE_DISK_PERCENT", 5)

# What is kept unless the admin or a project says otherwise: events by days, by number for a
# project (0: no bound) and for an issue; resolved issues by days (0: for ever).
RETENTION_EVENT_DAYS = read_int("RETENTION_EVENT_DAYS", 90, minimum=1)
MAX_EVENTS_PER_PROJECT = read_int("MAX_EVENTS_PER_PROJECT", 0)
MAX_EVENTS_PER_ISSUE = read_int("MAX_EVENTS_PER_ISSUE", 1000, minimum=10)
RETENTION_DAYS = read_int("RETENTION_DAYS", 0)
# After so many days an issue's counts by the hour become one row for each environment.
RETENTION_COUNT_DAYS = read_int("RETENTION_COUNT_DAYS", 400, minimum=35)
QUARANTINE_DAYS = read_int("QUARANTINE_DAYS", 7, minimum=1)

# What a native key may send: requests in any 60 seconds, and bytes of one body. A key may have a
# number of its own for errors.
NATIVE_ERRORS_PER_MINUTE = read_int("NATIVE_ERRORS_PER_MINUTE", 100, minimum=1)
NATIVE_ERRORS_MAX_BYTES = read_int("NATIVE_ERRORS_MAX_BYTES", 256 * 1024, minimum=1024)
NATIVE_BROWSER_PER_MINUTE = read_int("NATIVE_BROWSER_PER_MINUTE", 300, minimum=1)
NATIVE_BROWSER_MAX_BYTES = read_int("NATIVE_BROWSER_MAX_BYTES", 64 * 1024, minimum=1024)

# Whether a simple event's unknown project_key makes a project, and how many such there may be.
AUTO_CREATE_PROJECTS = read_bool("AUTO_CREATE_PROJECTS", True)
MAX_AUTO_PROJECTS = read_int("MAX_AUTO_PROJECTS", 100)
