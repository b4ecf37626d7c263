"""How this site connects to PostgreSQL."""

from typing import Any

# What waits for a connection gives up after this, and so does an attempt to make one.
TIMEOUT_S = 5
# A server whose host is gone answers nothing: the operating system gives up after this.
_UNANSWERED_MS = 30_000
# Without a pool a thread's own connection is used for so long.
_MAX_AGE_S = 60


def postgresql_settings(
    given: dict[str, Any], *, pool_size: int, is_behind_pooler: bool
) -> dict[str, Any]:
    """Django's settings for a PostgreSQL database, aside from where it is.

    given: options of DATABASE_URL, which win.
    pool_size: connections of a process; 0 leaves each thread its own.
    """
    options: dict[str, Any] = {
        "connect_timeout": TIMEOUT_S,
        "tcp_user_timeout": _UNANSWERED_MS,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        **given,
    }
    if pool_size:
        options["pool"] = {
            "min_size": 0,
            "max_size": pool_size,
            "timeout": TIMEOUT_S,
            "max_idle": 60,
            # By default it waits longer with every failure, and minutes after a long outage.
            "reconnect_timeout": TIMEOUT_S,
        }
    return {
        "OPTIONS": options,
        # Django's condition for a pool, which keeps connections itself.
        "CONN_MAX_AGE": 0 if pool_size else _MAX_AGE_S,
        # Asked when taken: the first request after a restart of the server does not fail.
        "CONN_HEALTH_CHECKS": True,
        # They outlive a transaction. Statements are never prepared: Django's default.
        "DISABLE_SERVER_SIDE_CURSORS": is_behind_pooler,
    }
