"""What runs beside the site: broker, cache, channel layer, mail. REDIS_URL moves three of them."""

import os

from kombu import Queue

from config.settings.core import IS_SQLITE
from config.settings.environment import (
    REDIS_SCHEMES,
    read_email,
    read_email_url,
    read_int,
    read_redis,
    read_server,
    read_text,
)

REDIS_URL = read_redis("REDIS_URL")

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "config.shared_cache.SharedRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "catchall:cache",
        }
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# What waits for the digest lies in Redis, with PostgreSQL behind it, for any number of hosts; or
# in a file of this one.
INBOX_IS_SHARED = bool(REDIS_URL) and not IS_SQLITE

# amqp:// makes RabbitMQ the broker; cache and live pages stay in Redis.
_BROKERS = ("amqp", "amqps", *REDIS_SCHEMES)
BROKER_URL = read_server("BROKER_URL", _BROKERS) or REDIS_URL or "memory://localhost"
_TRANSPORT = BROKER_URL.partition(":")[0]

# How many processes and threads serve, for `manage.py serve`.
INGEST_WORKERS = read_int("INGEST_WORKERS", 1, minimum=1)
INGEST_THREADS = read_int("INGEST_THREADS", 32, minimum=1)
WEB_WORKERS = read_int("WEB_WORKERS", 1, minimum=1)
WORKER_PROCESSES = read_int("WORKER_PROCESSES", 0) or os.cpu_count() or 1
MAINTENANCE_PROCESSES = read_int("MAINTENANCE_PROCESSES", 1, minimum=1)
# A worker's process that has grown beyond this ends after its task, and another takes its place.
WORKER_MAX_MEMORY_MB = read_int("WORKER_MAX_MEMORY_MB", 400, minimum=150)
# Touched every few seconds by a worker and by beat; health checks look at its age.
HEARTBEAT_FILE = read_text("HEARTBEAT_FILE")

_OPTIONS = {
    # It polls once a second by default; 10 ms makes a wake-up cost 4 ms.
    "memory": {"polling_interval": 0.01},
    "redis": {
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
        "health_check_interval": 10,
        # What a dead worker held is given out again after this; wake-ups have expired by then.
        "visibility_timeout": 3600,
    },
    # Waits for RabbitMQ's word: what goes into a connection that is dead already counts as sent.
    "amqp": {"confirm_publish": True},
}
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = _OPTIONS.get(_TRANSPORT.removesuffix("s"), {})
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# For ever: a worker comes back by itself once its broker does.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
# No results are kept, so beat needs no schedule to clean them up.
CELERY_RESULT_EXPIRES = None
CELERY_TASK_DEFAULT_QUEUE = "maintenance"
# Wake-ups that nobody takes do not pile up: RabbitMQ drops the oldest, and beat sends more. Those
# of the digest run out sooner than they tell (ingest.wake), as RabbitMQ compares no clocks.
_TTL_S = {"digest": 10}
CELERY_TASK_QUEUES = [
    Queue(name, routing_key=name, message_ttl=_TTL_S.get(name), max_length=1_000)
    for name in ("digest", "notify", "maintenance")
]
CELERY_TASK_ROUTES = {"ingest.tasks.digest_*": {"queue": "digest"}}
CELERY_TASK_ACKS_LATE = True
# A task whose process died goes to another one.
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1024 * WORKER_MAX_MEMORY_MB
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# Nobody asks workers questions, and its queues are of a kind that RabbitMQ 4 refuses.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BEAT_SCHEDULER = "config.scheduler:SteadyScheduler"
CELERY_TIMEZONE = "UTC"

# Without EMAIL_URL nothing is sent: `manage.py reset_link NAME` prints the link instead.
EMAIL_URL = read_email_url()
HAS_EMAIL = bool(EMAIL_URL)
if EMAIL_URL:
    _email = read_email(EMAIL_URL)
    EMAIL_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
    EMAIL_PORT = _email.get("EMAIL_PORT") or 25
    EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
    EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
    EMAIL_USE_TLS = bool(_email.get("EMAIL_USE_TLS"))
    EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_SSL"))
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = read_text("DEFAULT_FROM_EMAIL", "Catchall <catchall@localhost>")

ADMIN_EMAIL = read_text("ADMIN_EMAIL")
ADMIN_PASSWORD = read_text("ADMIN_PASSWORD")

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}
