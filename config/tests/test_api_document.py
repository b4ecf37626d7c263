"""The API's document: every address of the API is in it, and the pages load nothing foreign."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny

from accounts.api.base import RestView
from accounts.token_auth import HasScope
from config.api_document import api_document
from ingest.views import AcceptView

DOCUMENT = json.loads(api_document())


def api_patterns(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address below /api/ with its view, as Django routes it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from api_patterns(pattern, path)
        elif isinstance(pattern, URLPattern) and path.startswith("api/"):
            yield path, pattern.callback


def as_in_document(path: str) -> str:
    """`api/(?P<project>[^/]+)/store/?$` → `/api/{project}/store/`."""
    named = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path)
    named = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", named)
    return "/" + named.rstrip("$").replace("/?", "/")


def test_every_address_of_the_api_is_in_the_document() -> None:
    missing = []
    for path, view in api_patterns():
        names = getattr(view.cls, "documented_as", ()) or (as_in_document(path),)
        missing += [name for name in names if name.rstrip("/") not in known_paths()]
    assert missing == []


def known_paths() -> set[str]:
    return {path.rstrip("/") for path in DOCUMENT["paths"]}


def test_the_document_is_of_openapi_3_1_with_ways_to_say_who_one_is() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert {"accessToken", "apiToken", "publicKey", "publicKeyInQuery"} <= set(schemes)


def test_every_operation_says_what_it_does_and_how_it_refuses() -> None:
    described = {tag["name"] for tag in DOCUMENT["tags"]}
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert set(operation["tags"]) <= described, where
            is_open = operation.get("security") in (None, [], [{}])
            assert is_open or "401" in operation["responses"], where


def test_addresses_are_spelt_as_clients_know_them() -> None:
    assert {
        "/api/v1/auth/login",
        "/api/v1/auth/refresh_token",
        "/api/v1/users/",
        "/api/v1/users/{user_id}",
        "/api/v1/projects/",
        "/api/v1/projects/{project_id}",
        "/api/v1/projects/events",
        "/api/projects/events",
        "/api/projects/{project_id}/events",
        "/api/v1/{project}/envelope/",
        "/api/{project}/envelope/",
        "/health",
        "/health/",
    } <= set(DOCUMENT["paths"])


@pytest.mark.parametrize("tag", ["Signing in", "Users", "Projects", "Stored envelopes"])
def test_every_answer_to_programs_has_an_example(tag: str) -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json", {})
                is_shown = operation["tags"] != [tag] or {"example", "examples"} & set(content)
                assert is_shown, f"{method} {path} {status}"


def test_operations_have_names_of_their_own() -> None:
    names = [
        operation["operationId"]
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
    ]
    assert len(names) == len(set(names))


def test_the_document_is_served_to_all_and_cached_by_its_tag(client: Client) -> None:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == DOCUMENT
    again = client.get("/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_pages_load_nothing_foreign_and_run_nothing_inline(client: Client, path: str) -> None:
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-document="/openapi.json"' in text
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", text)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'self'" in policy


@pytest.mark.django_db
def test_redocs_sheet_is_allowed_by_a_nonce_of_this_answer(client: Client) -> None:
    first, second = client.get("/redoc"), client.get("/redoc")
    nonce = re.search(r'data-nonce="([^"]+)"', first.content.decode())
    assert nonce and f"'nonce-{nonce[1]}'" in first.headers["Content-Security-Policy"]
    assert nonce[1] not in second.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "body"),
    [("/health", b'{"status":"ok"}'), ("/health/", b'{"status":"OK"}')],
)
def test_both_spellings_of_health_have_their_own_words(
    client: Client, path: str, body: bytes
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content == body


def test_every_view_for_people_says_which_scope_it_needs() -> None:
    for path, view in api_patterns():
        if issubclass(view.cls, RestView) and not issubclass(view.cls, AcceptView):
            (permission,) = view.cls.permission_classes
            assert permission is AllowAny or issubclass(permission, HasScope), path
