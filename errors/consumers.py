"""The WebSocket behind live pages: what the digest says of a project reaches who may see it."""

from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from redis.exceptions import RedisError

from accounts.models import User
from projects.models import Project

FORBIDDEN = 4403
# A person's own projects; beyond this a superuser's page is live for the first ones only.
MAX_GROUPS = 500


def group_of(project_id: int) -> str:
    """The Channels group of everyone who looks at a project; `ingest.live` sends to it."""
    return f"project.{project_id}"


class IssuesConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    """Relays what the digest says of one project, or of all that the person may see.

    Messages: {"type": "issues.changed", "project": id, "new": count, "issues": [ids]},
              {"type": "feedback.changed", "project": id, "new": count}.
    Closes with 4403 where the person may see none. Raises OSError, RedisError before it opens
    when the layer is away.
    """

    async def connect(self) -> None:
        """Join, then accept: pages ask ever later of a socket that does not open."""
        self.joined: list[str] = []
        slug = self.scope["url_route"]["kwargs"].get("slug")
        project_ids = await _visible_ids(self.scope.get("user"), slug)
        try:
            await self._join(project_ids)
        except (OSError, RedisError):
            await self._leave()
            raise
        await self.accept()
        if not project_ids:
            # Not before: a refusal to open carries no code.
            await self.close(code=FORBIDDEN)

    async def disconnect(self, code: int) -> None:
        """Leave every group that was joined."""
        await self._leave()

    async def _join(self, project_ids: list[int]) -> None:
        for project_id in project_ids:
            # First: one that fails has noted the channel, too.
            self.joined.append(group_of(project_id))
            await self.channel_layer.group_add(group_of(project_id), self.channel_name)

    async def _leave(self) -> None:
        """Forget the channel; a layer that is away has forgotten it by itself."""
        while self.joined:
            with suppress(OSError, RedisError):
                await self.channel_layer.group_discard(self.joined.pop(), self.channel_name)

    async def receive(self, **frame: object) -> None:
        """Pages only listen; what else a client sends is no reason for a traceback."""

    async def issues_changed(self, message: dict[str, Any]) -> None:
        """Pass a message of the digest on."""
        await self.send_json(message)

    async def feedback_changed(self, message: dict[str, Any]) -> None:
        """The same, of feedback."""
        await self.send_json(message)


@database_sync_to_async  # type: ignore[untyped-decorator]  # as above
def _visible_ids(user: User | None, slug: str | None) -> list[int]:
    if user is None or not user.is_authenticated:
        return []
    projects = Project.objects.visible_to(user)
    if slug is not None:
        projects = projects.filter(slug=slug)
    return list(projects.order_by("pk").values_list("pk", flat=True)[:MAX_GROUPS])
