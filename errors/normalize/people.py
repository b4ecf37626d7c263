"""The user whom the event happened to."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from errors.normalize.data import bound_data
from errors.normalize.fields import Reader, data_of, label_of, read_fields
from errors.normalize.limits import CONTEXT_BYTES, NAME
from errors.normalize.problems import Problems

AUTO = "{{auto}}"


def read_user(raw: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read the user; fields of the application's own move into `data`."""
    if not isinstance(raw, dict):
        problems.add_wrong_type(path, "an object", raw)
        return None
    user = read_fields(raw, USER_FIELDS, problems, path)
    own = {
        key: value
        for key, value in raw.items()
        if key not in USER_FIELDS and value is not None and key != "sentry_user"
    }
    if own:
        user["data"] = bound_data(user.get("data", {}) | own, CONTEXT_BYTES)
    return user


def place_address(event: dict[str, Any], client_ip: str | None, *, is_inferred: bool) -> None:
    """Put the connection's address where the SDK wrote {{auto}}, or asked to have it inferred."""
    user = event.get("user", {})
    environ = event.get("request", {}).get("env", {})
    for holder, key in ((user, "ip_address"), (environ, "REMOTE_ADDR")):
        if holder.get(key) == AUTO:
            del holder[key]
            if client_ip:
                holder[key] = client_ip
    if is_inferred and client_ip and "ip_address" not in user:
        user["ip_address"] = client_ip
    if user:
        event["user"] = user
    else:
        event.pop("user", None)


def _read_address(value: Any, problems: Problems, path: str) -> str | None:
    text = str(value).strip()
    address = text if text == AUTO else _parse_address(text)
    if address is None:
        problems.add(path, "not an IP address")
    return address


@lru_cache(maxsize=4096)
def _parse_address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


USER_FIELDS: dict[str, Reader] = {
    "id": label_of(NAME),
    "username": label_of(NAME),
    "name": label_of(NAME),
    "email": label_of(NAME),
    "ip_address": _read_address,
    "geo": data_of(CONTEXT_BYTES),
    "data": data_of(CONTEXT_BYTES),
}
