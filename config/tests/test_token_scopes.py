"""Every address that takes an API token asks for a scope, and gives nothing without."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.api_token_services import create_api_token
from accounts.models import Scope, User
from accounts.token_auth import ApiTokenAuthentication, HasScope
from projects.services import create_project

# Where one signs in nobody has a token yet.
OPEN = {"api_login", "api_refresh_token"}
METHODS = ("get", "post", "put", "delete")


def views(parent: URLResolver | None = None) -> Iterator[tuple[URLPattern, Any]]:
    """Each route with a view class that takes API tokens."""
    for each in (parent or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from views(each)
            continue
        view = getattr(each.callback, "cls", None)
        if view and ApiTokenAuthentication in getattr(view, "authentication_classes", ()):
            yield each, view


def test_each_view_that_takes_tokens_names_a_scope() -> None:
    found = list(views())
    assert len(found) >= 8
    lacking = [
        route.name
        for route, view in found
        if not any(issubclass(one, HasScope) for one in view.permission_classes)
    ]
    assert set(lacking) <= OPEN


@pytest.mark.django_db
def test_a_token_of_another_scope_opens_nothing() -> None:
    person = User.objects.create_superuser("ana")
    project = create_project(name="Shop", platform="go", owner=person)
    for route, view in views():
        if route.name in OPEN:
            continue
        (area,) = {one.area for one in view.permission_classes if issubclass(one, HasScope)}
        others = [scope for scope in Scope.values if not scope.startswith(f"{area}:")]
        _, text = create_api_token(user=person, label=str(route.name), scopes=others)
        client = Client(headers={"Authorization": f"Bearer {text}"})
        arguments = [project.pk] * route.pattern.regex.groups
        address = reverse(str(route.name), args=arguments)
        for method in METHODS:
            status = getattr(client, method)(address, content_type="application/json").status_code
            assert status in {403, 405}, f"{method} {address}: {status}"
    assert type(project).objects.active().count() == 1
    assert User.objects.count() == 1
