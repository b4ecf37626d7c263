"""A program that signed in, for the tests of the REST interface."""

import time
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.tokens import issue_pair
from common.jsonio import dumps


class Program:
    """Sends JSON with a person's access token; without a person, with none."""

    def __init__(self, user: User | None = None) -> None:
        self._client = Client()
        self._headers = {}
        if user:
            token = issue_pair(user, now_s=int(time.time())).access_token
            self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(path, query, headers=self._headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self._send("POST", path, body)

    def put(self, path: str, body: Any = None) -> Any:
        return self._send("PUT", path, body)

    def delete(self, path: str) -> Any:
        return self._client.delete(path, headers=self._headers)

    def _send(self, method: str, path: str, body: Any) -> Any:
        return self._client.generic(
            method,
            path,
            body if isinstance(body, bytes) else dumps(body),
            content_type="application/json",
            headers=self._headers,
        )
