"""What a site adds when one host is no longer enough. docs/growing.md says when."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.core import (
    DATABASE_BEHIND_POOLER,
    DATABASE_POOL_SIZE,
    DATABASES,
    IS_SQLITE,
    MIDDLEWARE,
    STORAGES,
)
from config.settings.environment import read_int, read_replica
from config.settings.payloads import read_payload_storage
from config.settings.postgresql import postgresql_settings

# Pages read from it as long as it is not further behind than this.
DATABASE_REPLICA_MAX_LAG_S = read_int("DATABASE_REPLICA_MAX_LAG_S", 5, minimum=1, maximum=60)

if _replica := read_replica():
    if IS_SQLITE:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL in DATABASE_URL.")
    # Not waited for as long as the primary: a host that is gone refuses nothing.
    _settings = postgresql_settings(
        {"connect_timeout": 2, **_replica.get("OPTIONS", {})},
        pool_size=DATABASE_POOL_SIZE,
        is_behind_pooler=DATABASE_BEHIND_POOLER,
    )
    DATABASES["replica"] = {**_replica, **_settings, "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["config.database_router.ReplicaRouter"]
    # Before sessions, which are rows too.
    _sessions = MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
    MIDDLEWARE.insert(_sessions, "config.replica.ReplicaMiddleware")

# Payloads of events older than this move to PAYLOAD_STORAGE, where one is set.
PAYLOAD_STORAGE_AFTER_HOURS = read_int("PAYLOAD_STORAGE_AFTER_HOURS", 24, minimum=1)

if _payloads := read_payload_storage():
    STORAGES["payloads"] = _payloads
