"""Native clients for tests: a key, and requests in their words."""

import json
from typing import Any

from django.test import Client

from projects.models import Project
from projects.native_key_services import create_native_key

TRACEBACK = """\
Traceback (most recent call last):
  File "/srv/shop/checkout.py", line 41, in pay
    return total / order.people
           ~~~~~~^~~~~~~~~~~~~~
ZeroDivisionError: division by zero
"""
BROWSER_STACK = """\
TypeError: x is undefined
    at pay (https://shop.example/app.js:10:5)
    at https://shop.example/app.js:3:1"""


class Native:
    """A client with a key of one project, or without one of the whole site."""

    def __init__(self, project: Project | None = None, **fields: Any) -> None:
        self.key, self.text = create_native_key(project=project, label="Worker", **fields)
        self.headers = {"X-API-Key": self.text}
        self.client = Client()

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """A body of bytes is sent as it is, anything else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            path, sent, "application/json", headers=self.headers | dict(headers)
        )

    def delete(self, path: str) -> Any:
        return self.client.delete(path, headers=self.headers)

    def report(self, **changes: Any) -> Any:
        return self.post("/api/errors", error_of(**changes))


def error_of(**changes: Any) -> dict[str, Any]:
    """A report as the published client sends it; None leaves a field out."""
    error = {
        "project": "shop",
        "exception_type": "ZeroDivisionError",
        "message": "division by zero",
        "traceback": TRACEBACK,
        **changes,
    }
    return {name: value for name, value in error.items() if value is not None}
