"""Deploy mistakes: those of settings by `check --deploy`, the database by `--database` too."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.database_state import database_problem


@register(Tags.security, deploy=True)
def check_site_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SITE_URL as others will use it."""
    found: list[CheckMessage] = []
    if is_loopback(settings.SITE_HOST):
        found.append(
            Warning(
                "SITE_URL names this machine only.",
                hint="Applications elsewhere cannot use the DSNs that are shown. Set SITE_URL.",
                id="config.W001",
            )
        )
    if settings.SITE_URL.startswith("https://") and not settings.TRUSTED_PROXIES:
        found.append(
            Warning(
                "SITE_URL is https, but no proxy is trusted.",
                hint="Every client seems to come from the proxy: set TRUSTED_PROXIES to it.",
                id="config.W002",
            )
        )
    return found


def is_loopback(host: str) -> bool:
    """Whether the name or address means this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# With --deploy alone: `migrate` runs the other checks of databases, and would refuse to begin.
@register(Tags.database, deploy=True)
def check_database(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The database as it is: `manage.py check --deploy --database default`."""
    problem = database_problem() if kwargs.get("databases") else None
    return [Error(str(problem), id="config.E001")] if problem else []
