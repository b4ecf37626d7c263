"""What Django's views that take data share: one room for bodies, and who the client is."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from ingest.client_address import TrustedProxies
from ingest.intake import Intake


@cache
def view_intake() -> Intake:
    """Bounds what all of them together hold at once."""
    return Intake()


def client_of(http: HttpRequest) -> str:
    """The address of the client, past the proxies that are trusted; "" when it is unknown."""
    peer = http.META.get("REMOTE_ADDR", "")
    return _proxies().client_of(peer, http.headers.get("X-Forwarded-For", ""))


@cache
def _proxies() -> TrustedProxies:
    return TrustedProxies(settings.TRUSTED_PROXIES)
