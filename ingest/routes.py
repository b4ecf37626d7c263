"""What the thin shells share before a request is judged: whose it is, and what it is called."""

import re
from typing import NamedTuple, cast

from common.request_ids import is_request_id
from ingest.accept import Endpoint

# Nearly every request; the others' longer expression is not tried for it.
_HOT = re.compile(r"/api/([^/]+)/(envelope|store)/?")
# As one of the replaced systems spells it; what it answers differs.
_STORED = re.compile(r"/api/v1/([^/]+)/envelope/?")
# The address of each other endpoint below api/<project>/, as an expression.
OTHER_ADDRESSES: dict[Endpoint, str] = {
    "security": "(?:security|csp-report)",
    "minidump": "minidump",
    "attachments": "events/(?P<event>[^/]+)/attachments",
    "cron": "cron/(?P<monitor>[^/]+)(?:/(?P<path_key>[^/]+))?",
    "otlp": "integration/otlp/v1/(?P<signal>traces|logs)",
}
_ANY_OTHER = "|".join(f"(?P<{name}>{address})" for name, address in OTHER_ADDRESSES.items())
_OTHER = re.compile(f"/api/(?P<project>[^/]+)/(?:{_ANY_OTHER})/?")
_NAMES = ("event", "monitor", "signal")


class Route(NamedTuple):
    """Whose endpoint an address is of, and what else the address names (ingest.endpoints)."""

    project: str
    endpoint: Endpoint
    name: str = ""
    path_key: str = ""


def hot_route(path: str, prefix: str) -> Route | None:
    """The endpoint that SDKs send to by this path, None for any other page.

    prefix: SITE_URL's path, or "".
    """
    path = path.removeprefix(prefix)
    if found := _HOT.fullmatch(path):
        return Route(found[1], cast(Endpoint, found[2]))
    if found := _STORED.fullmatch(path):
        return Route(found[1], "stored-envelope")
    if found := _OTHER.fullmatch(path):
        groups = found.groupdict()
        endpoint = next(name for name in OTHER_ADDRESSES if groups[name] is not None)
        return route_of(endpoint, groups)
    return None


def route_of(endpoint: Endpoint, groups: dict[str, str | None]) -> Route:
    """The route by the parts that an address names."""
    name = next(filter(None, map(groups.get, _NAMES)), "")
    return Route(groups["project"] or "", endpoint, name or "", groups.get("path_key") or "")


def request_id_of(given: str, receipt: bytes) -> str:
    """The proxy's id of a request, else one made of its receipt."""
    return given if is_request_id(given) else receipt.hex()
