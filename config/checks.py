"""Deploy mistakes that the settings alone show: `manage.py check --deploy`."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


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
