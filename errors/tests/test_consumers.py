"""Who may listen to a project's live messages, and what they hear."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from django.contrib.auth.models import AnonymousUser
from django.db import connections

from accounts.models import User
from errors.consumers import FORBIDDEN, group_of
from errors.routing import websocket_urlpatterns
from errors.tests.factories import make_person, make_project
from projects.models import Membership, Project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _close_connections() -> AsyncIterator[None]:
    """PostgreSQL refuses to drop a test database that the consumers' thread still holds."""
    yield
    await database_sync_to_async(connections.close_all)()


@database_sync_to_async  # type: ignore[untyped-decorator]  # Channels is untyped
def make_team() -> tuple[Project, User, User]:
    """A project, its member, and a stranger with a project of their own."""
    project = make_project()
    return project, make_person(project), make_person(make_project("Other"))


@database_sync_to_async  # type: ignore[untyped-decorator]  # Channels is untyped
def leave(project: Project, member: User) -> None:
    Membership.objects.filter(project=project, user=member).delete()


async def open_socket(user: User | AnonymousUser, path: str) -> Any:
    socket = await connect_socket(user, path)
    assert (await socket.receive_output())["type"] == "websocket.accept"
    return socket


async def connect_socket(user: User | AnonymousUser, path: str) -> Any:
    scope: dict[str, Any] = {
        "type": "websocket",
        "path": path,
        "headers": [],
        "query_string": b"",
        "user": user,
    }
    # Any: asgiref's communicator is untyped.
    make_socket: Any = ApplicationCommunicator
    socket = make_socket(URLRouter(websocket_urlpatterns), scope)
    await socket.send_input({"type": "websocket.connect"})
    return socket


async def close_socket(socket: Any) -> None:
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait()


def message_of(project_id: int) -> dict[str, Any]:
    return {"type": "issues.changed", "project": project_id, "new": 1, "issues": [7]}


async def tell(project_id: int) -> None:
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(group_of(project_id), message_of(project_id))


@pytest.mark.parametrize("path", ["/ws/issues/", "/ws/projects/shop/"])
async def test_members_hear_of_their_project(path: str) -> None:
    project, member, _ = await make_team()
    socket = await open_socket(member, path)
    assert await socket.receive_nothing()
    await tell(project.pk)
    assert json.loads((await socket.receive_output())["text"]) == message_of(project.pk)
    await close_socket(socket)


async def test_what_a_client_sends_is_ignored() -> None:
    project, member, _ = await make_team()
    socket = await open_socket(member, "/ws/issues/")
    assert await socket.receive_nothing()
    await socket.send_input({"type": "websocket.receive", "text": "no JSON"})
    await socket.send_input({"type": "websocket.receive", "bytes": b"\xff"})
    await tell(project.pk)
    assert json.loads((await socket.receive_output())["text"]) == message_of(project.pk)
    await close_socket(socket)


async def test_strangers_hear_of_their_own_projects_only() -> None:
    project, _, stranger = await make_team()
    socket = await open_socket(stranger, "/ws/issues/")
    assert await socket.receive_nothing()
    await tell(project.pk)
    assert await socket.receive_nothing()
    await close_socket(socket)


async def test_a_strangers_project_socket_is_closed() -> None:
    _, _, stranger = await make_team()
    await expect_refusal(stranger, "/ws/projects/shop/")


async def test_nobody_listens_without_signing_in() -> None:
    await make_team()
    await expect_refusal(AnonymousUser(), "/ws/issues/")


async def test_one_who_has_left_hears_nothing_after_reconnecting() -> None:
    project, member, _ = await make_team()
    await leave(project, member)
    await expect_refusal(member, "/ws/projects/shop/")


class AwayLayer:
    """A channel layer whose Redis goes away between two calls."""

    def __init__(self) -> None:
        self.left: list[str] = []

    async def new_channel(self) -> str:
        return "specific.channel"

    async def receive(self, channel: str) -> dict[str, Any]:
        return await asyncio.Future()

    async def group_add(self, group: str, channel: str) -> None:
        raise ConnectionError("it does not answer")

    async def group_discard(self, group: str, channel: str) -> None:
        self.left.append(group)
        raise ConnectionError("it does not answer")


async def test_a_socket_that_cannot_join_does_not_open_and_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project, member, _ = await make_team()
    layer = AwayLayer()
    monkeypatch.setattr("channels.consumer.get_channel_layer", lambda _: layer)
    socket = await connect_socket(member, "/ws/issues/")
    with pytest.raises(ConnectionError):
        await socket.receive_output()
    assert layer.left == [group_of(project.pk)]


async def expect_refusal(user: User | AnonymousUser, path: str) -> None:
    socket = await open_socket(user, path)
    closed = await socket.receive_output()
    assert (closed["type"], closed["code"]) == ("websocket.close", FORBIDDEN)
