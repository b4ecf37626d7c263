"""What a site has, a class for each kind, one method for each call."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from catchall_client.records import Envelope, Message, Project, User

# Method, path, body (None: no body) to the answer's JSON, as the person who signed in.
Call = Callable[[str, str, Any], Any]
# Within the classes `list` is a method.
UserList = list[User]
ProjectList = list[Project]
EnvelopeList = list[Envelope]

USERS = "/api/v1/users/"
PROJECTS = "/api/v1/projects/"


class Users:
    """The people of a site."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def list(self) -> UserList:
        return cast(UserList, self._call("GET", USERS, None))

    def get(self, user_id: int) -> User:
        return cast(User, self._call("GET", f"{USERS}{user_id:d}", None))

    def create(self, name: str, password: str, *, telegram_chat_id: str | None = None) -> User:
        body = _given(name=name, password=password, telegram_chat_id=telegram_chat_id)
        return cast(User, self._call("POST", USERS, body))

    def update(
        self,
        user_id: int,
        *,
        name: str | None = None,
        password: str | None = None,
        telegram_chat_id: str | None = None,
    ) -> User:
        """Change what is given; the rest stays."""
        body = _given(name=name, password=password, telegram_chat_id=telegram_chat_id)
        return cast(User, self._call("PUT", f"{USERS}{user_id:d}", body))

    def delete(self, user_id: int) -> Message:
        """Remove the person; the site answers the same whether or not there was one."""
        return cast(Message, self._call("DELETE", f"{USERS}{user_id:d}", None))


class Projects:
    """The projects of the person who signed in."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def list(self) -> ProjectList:
        return cast(ProjectList, self._call("GET", PROJECTS, None))

    def get(self, project_id: int) -> Project:
        return cast(Project, self._call("GET", f"{PROJECTS}{project_id:d}", None))

    def create(self, name: str, *, lang: str | None = None) -> Project:
        return cast(Project, self._call("POST", PROJECTS, _given(name=name, lang=lang)))

    def update(
        self, project_id: int, *, name: str | None = None, lang: str | None = None
    ) -> Project:
        """Change what is given; the rest stays."""
        body = _given(name=name, lang=lang)
        return cast(Project, self._call("PUT", f"{PROJECTS}{project_id:d}", body))

    def delete(self, project_id: int) -> Message:
        """Remove the project; the site answers the same whether or not there was one."""
        return cast(Message, self._call("DELETE", f"{PROJECTS}{project_id:d}", None))


class Events:
    """Stored envelopes with their items."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def list(
        self, project_id: int, *, limit: int | None = None, before: int | None = None
    ) -> EnvelopeList:
        """A project's envelopes, the newest first; `before` is the last id of the page before.

        A page has `limit` at most (50, at most 200), and fewer where they are large.
        """
        query = urlencode({"limit": limit or 50} | ({"before": before} if before else {}))
        path = f"/api/projects/{project_id:d}/events?{query}"
        return cast(EnvelopeList, self._call("GET", path, None))


def _given(**fields: str | None) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}
