"""A small site that speaks the contract of users, projects and tokens, for the client's tests."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

KEY = "3f0c7a9e5b5d4c1f8a2e6d7b9c0a1f2e"
Answer = tuple[int, Any]


@dataclass
class Site:
    """What the site knows, and what it was asked: (method, path, body, token)."""

    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    projects: dict[int, dict[str, Any]] = field(default_factory=dict)
    envelopes: list[dict[str, Any]] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=lambda: {"ana": "secret"})
    valid_access: set[str] = field(default_factory=set)
    valid_refresh: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, Any, str]] = field(default_factory=list)
    # Answers every request with this instead, where it is set.
    instead: tuple[int, bytes] | None = None
    pairs: int = 0

    def answer(self, method: str, path: str, body: Any, token: str) -> Answer:
        self.asked.append((method, path, body, token))
        for verb, pattern, act in self._routes():
            match = re.fullmatch(pattern, path)
            if match and verb == method:
                if "auth" not in path and path != "/health/" and token not in self.valid_access:
                    return 401, {"detail": "Not authenticated"}
                return act(body, *map(int, match.groups()))
        return 404, {"detail": "Not Found"}

    def expire(self) -> None:
        """Let every access token run out; refresh tokens stay."""
        self.valid_access.clear()

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        users, projects = "/api/v1/users/", "/api/v1/projects/"
        return [
            ("GET", "/health/", lambda body: (200, {"status": "OK"})),
            ("POST", "/api/v1/auth/login", self._login),
            ("POST", "/api/v1/auth/refresh_token", self._refresh),
            *_crud(users, self.people, "User", lambda body: {**body, "password": None}),
            *_crud(projects, self.projects, "Project", lambda body: {"lang": "", **body}),
            ("GET", r"/api/projects/(\d+)/events\?limit=\d+", self._events),
        ]

    def _login(self, body: Any) -> Answer:
        if self.passwords.get(body["login"]) != body["password"]:
            return 401, {"detail": "wrong login/password"}
        return 200, self._pair()

    def _refresh(self, body: Any) -> Answer:
        if body["refresh_token"] not in self.valid_refresh:
            return 401, {"detail": "Invalid token"}
        return 200, self._pair()

    def _pair(self) -> dict[str, str]:
        self.pairs += 1
        self.valid_access.add(f"access-{self.pairs}")
        self.valid_refresh.add(f"refresh-{self.pairs}")
        return {
            "access_token": f"access-{self.pairs}",
            "refresh_token": f"refresh-{self.pairs}",
        }

    def _events(self, body: Any, project: int) -> Answer:
        if project not in self.projects:
            return 404, {"detail": "Project not found"}
        return 200, [row for row in self.envelopes if row["project_id"] == project]


def _crud(
    path: str,
    rows: dict[int, dict[str, Any]],
    kind: str,
    shown: Callable[[dict[str, Any]], dict[str, Any]],
) -> list[tuple[str, str, Callable[..., Answer]]]:
    missing = 404, {"detail": f"{kind} not found"}

    def create(body: Any) -> Answer:
        number = max(rows, default=0) + 1
        rows[number] = {"id": number, "key": KEY, **shown(body)}
        return 200, rows[number]

    def update(body: Any, number: int) -> Answer:
        if number not in rows:
            return missing
        rows[number] |= body
        return 200, rows[number]

    def delete(body: Any, number: int) -> Answer:
        rows.pop(number, None)
        return 200, {"message": f"{kind} deleted successfully"}

    return [
        ("GET", path, lambda body: (200, list(rows.values()))),
        ("POST", path, create),
        (
            "GET",
            rf"{path}(\d+)",
            lambda body, number: (200, rows[number]) if number in rows else missing,
        ),
        ("PUT", rf"{path}(\d+)", update),
        ("DELETE", rf"{path}(\d+)", delete),
    ]


def handler_for(site: Site) -> type[BaseHTTPRequestHandler]:
    """What http.server wants."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PUT = do_DELETE = do_GET

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if site.instead:
                return self._send(*site.instead)
            status, answer = site.answer(self.command, self.path, body, token)
            self._send(status, json.dumps(answer).encode())

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", content.decode())
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Tests are quiet."""

    return Handler
