"""What the thin shells share before a request is judged: whose it is, and what it is called."""

import re

from common.request_ids import is_request_id

_ROUTE = re.compile(r"/api/([^/]+)/(envelope|store)/?")


def hot_route(path: str, prefix: str) -> re.Match[str] | None:
    """The project and the endpoint ("envelope" or "store") of an address that SDKs send to.

    prefix: SITE_URL's path, or "".
    """
    return _ROUTE.fullmatch(path.removeprefix(prefix))


def request_id_of(given: str, receipt: bytes) -> str:
    """The proxy's id of a request, else one made of its receipt."""
    return given if is_request_id(given) else receipt.hex()
