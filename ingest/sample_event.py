"""A test event: believable, and sent through the same door as every application's."""

import secrets
import time
from typing import Any

from django.conf import settings

from common.jsonio import dumps
from ingest.accept import AcceptRequest, Bounds, admit
from ingest.errors import IngestError
from ingest.inbox import append_and_wait
from ingest.inbox.base import InboxFull, InboxUnavailable
from ingest.keys import load_key
from projects.models import Project, ProjectKey

_SOURCE = """\
def pay(order: Order) -> Receipt:
    total = sum(line.price * line.amount for line in order.lines)
    share = total / len(order.guests)
    return charge(order.card, share, currency=order.currency)
""".splitlines()


def send_test_event(project: Project, *, sender: str = "") -> str:
    """Send a test event to a project and return its event id (32 hex digits).

    sender: the name of the person who asked, for the event's user; "" for none.
    Raises: IngestError, as any client would be answered.
    """
    key = project.keys.filter(revoked_at=None).first()
    if key is None:
        raise IngestError(403, "Every key of the project is revoked.")
    event_id = secrets.token_hex(16)
    request = _request(key, build_test_event(event_id, time.time(), sender))
    admitted = admit(
        request,
        load_key,
        bounds=Bounds(
            settings.MAX_BODY_BYTES, settings.MAX_ENVELOPE_BYTES, settings.MAX_EVENT_BYTES
        ),
        received_ms=int(time.time() * 1000),
        receipt=secrets.token_bytes(16),
    )
    try:
        append_and_wait(admitted.message)
    except (InboxFull, InboxUnavailable) as error:
        raise IngestError(503, "The inbox is full or cannot be reached.") from error
    return event_id


def _request(key: ProjectKey, event: dict[str, Any]) -> AcceptRequest:
    header = {"event_id": event["event_id"], "dsn": key.dsn}
    body = b"\n".join([dumps(header), dumps({"type": "event"}), dumps(event), b""])
    return AcceptRequest(
        method="POST",
        endpoint="envelope",
        project=str(key.project_id),
        x_sentry_auth=f"Sentry sentry_key={key.public_key}, sentry_version=7",
        content_type="application/x-sentry-envelope",
        body=body,
    )


def build_test_event(event_id: str, now: float, sender: str) -> dict[str, Any]:
    """An event as a Python SDK sends one: a checkout that divides by no guests. Pure."""
    event: dict[str, Any] = {
        "event_id": event_id,
        "timestamp": now,
        "platform": "python",
        "level": "error",
        "transaction": "/orders/{order_id}/pay",
        "release": "test-event",
        "environment": "test",
        "server_name": "catchall",
        "tags": {"test_event": "yes"},
        "exception": {"values": [_exception()]},
        "breadcrumbs": {"values": _breadcrumbs(now)},
        "request": {
            "method": "POST",
            "url": "https://shop.example/orders/981/pay",
            "headers": {"Content-Type": "application/json", "User-Agent": "Mozilla/5.0"},
            "data": {"tip": 2.5, "split": True},
        },
        "extra": {"note": "This is a test event. Your own will look like this."},
        "sdk": {"name": "catchall.test", "version": "1"},
    }
    if sender:
        event["user"] = {"username": sender}
    return event


def _exception() -> dict[str, Any]:
    return {
        "type": "ZeroDivisionError",
        "value": "division by zero",
        "mechanism": {"type": "catchall", "handled": False},
        "stacktrace": {
            "frames": [
                _frame("run_endpoint_function", "fastapi/routing.py", 214, is_in_app=False),
                _frame("pay_order", "shop/api/orders.py", 58, is_in_app=True),
                {
                    **_frame("pay", "shop/checkout/services.py", 41, is_in_app=True),
                    "pre_context": _SOURCE[:2],
                    "context_line": _SOURCE[2],
                    "post_context": _SOURCE[3:],
                    "vars": {"total": "118.5", "order": {"id": 981, "guests": []}},
                },
            ]
        },
    }


def _frame(function: str, path: str, line: int, *, is_in_app: bool) -> dict[str, Any]:
    return {
        "function": function,
        "module": path.removesuffix(".py").replace("/", "."),
        "filename": path,
        "lineno": line,
        "in_app": is_in_app,
    }


def _breadcrumbs(now: float) -> list[dict[str, Any]]:
    return [
        {
            "timestamp": now - 4.2,
            "category": "http",
            "type": "http",
            "level": "info",
            "data": {"method": "GET", "url": "/orders/981", "status_code": 200},
        },
        {
            "timestamp": now - 1.1,
            "category": "shop.checkout",
            "level": "warning",
            "message": "order 981 has no guests to split the bill between",
        },
        {
            "timestamp": now - 0.1,
            "category": "query",
            "level": "info",
            "message": "SELECT id, price, amount FROM order_line WHERE order_id = %s",
        },
    ]
