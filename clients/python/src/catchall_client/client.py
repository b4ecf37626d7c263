"""The library's front: one object for one site."""

from typing import Any

from catchall_client.errors import NotSignedIn, Refused
from catchall_client.resources import Events, Projects, Users
from catchall_client.tokens import MemoryTokens, Tokens, TokenStore
from catchall_client.transport import Transport


class Client:
    """Talks to the site at `base_url` as the person who signed in.

    `store` keeps the tokens (in memory where none is given); an expired access token is
    renewed by itself. With an `api_token`, made on the account's page, nobody signs in.
    Every call raises CatchallError's family.
    """

    def __init__(
        self,
        base_url: str,
        *,
        store: TokenStore | None = None,
        api_token: str | None = None,
        timeout_s: float = 30,
    ) -> None:
        self._transport = Transport(base_url, timeout_s=timeout_s)
        self._api_token = api_token
        self._store = store or MemoryTokens()
        self.users = Users(self.call)
        self.projects = Projects(self.call)
        self.events = Events(self.call)

    @property
    def base_url(self) -> str:
        return self._transport.base_url

    def health(self) -> bool:
        """Whether the site says that it works. Raises Unreachable."""
        answer = self._transport.send("GET", "/health/")
        return isinstance(answer, dict) and str(answer.get("status")).lower() == "ok"

    def login(self, login: str, password: str) -> None:
        """Sign in, by name or email. Raises NotSignedIn when they do not belong together."""
        body = {"login": login, "password": password}
        self._keep(self._transport.send("POST", "/api/v1/auth/login", body=body))

    def logout(self) -> None:
        """Forget the tokens here."""
        self._store.write(None)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Any call of the interface with the person's token, renewed once when it has expired.

        Raises: NotSignedIn, NotFound, Refused, Unreachable.
        """
        if self._api_token:
            return self._transport.send(method, path, body=body, token=self._api_token)
        tokens = self._store.read()
        if tokens is None:
            raise NotSignedIn(f"Nobody is signed in to {self.base_url}.")
        try:
            return self._transport.send(method, path, body=body, token=tokens.access_token)
        except NotSignedIn:
            token = self._renew(tokens).access_token
        return self._transport.send(method, path, body=body, token=token)

    def _renew(self, expired: Tokens) -> Tokens:
        """A newer pair: another process's where it was faster, else by the refresh token."""
        kept = self._store.read()
        if kept and kept != expired:
            return kept
        body = {"refresh_token": expired.refresh_token}
        try:
            answer = self._transport.send("POST", "/api/v1/auth/refresh_token", body=body)
        except (NotSignedIn, Refused):
            raise NotSignedIn(f"The sign-in to {self.base_url} has expired.") from None
        return self._keep(answer)

    def _keep(self, answer: dict[str, str]) -> Tokens:
        tokens = Tokens(answer["access_token"], answer["refresh_token"])
        self._store.write(tokens)
        return tokens
