"""Structured logs: one line an event, JSON unless a person watches the terminal."""

import logging
import sys

import structlog
from structlog.typing import Processor

from config.log_secrets import hide_secrets
from config.settings.environment import read_choice

LOG_LEVEL = read_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOG_FORMAT = read_choice("LOG_FORMAT", "auto", ("auto", "console", "json"))
if LOG_FORMAT == "auto":
    LOG_FORMAT = "console" if sys.stderr.isatty() else "json"

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[
        # Before the others: two of three lines of a request are below the level.
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

_RENDERERS: dict[str, list[Processor]] = {
    "console": [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)],
    "json": [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                hide_secrets,
                *_RENDERERS[LOG_FORMAT],
            ],
            "foreign_pre_chain": _SHARED,
        }
    },
    "filters": {"outages": {"()": "config.outages.OutageFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "structured",
            "filters": ["outages"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "psycopg": {"level": "WARNING"},
        # Who asked the pool hears of the failure, and says it in one line.
        "psycopg.pool": {"level": "ERROR"},
        "uvicorn": {"level": "WARNING"},
    },
}

# One line when a request ends says enough; config.middleware puts its id into the answer.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
# The id that RequestIdMiddleware chose.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
# Its guess at the client's address believes any header.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
