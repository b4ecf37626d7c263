"""One request, one JSON answer: the only module that knows HTTP."""

import http.client
import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from catchall_client.errors import CatchallError, NotFound, NotSignedIn, Refused, Unreachable

MAX_ANSWER_BYTES = 64 * 1024 * 1024
TOO_MANY_REQUESTS = 429


class _NoRedirects(HTTPRedirectHandler):
    """Whoever answers with a redirect would get the token of another site."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


class Transport:
    """Sends to one site. `base_url` may have a path, for a site served below one."""

    def __init__(self, base_url: str, *, timeout_s: float) -> None:
        self.base_url = check_address(base_url)
        self._timeout_s = timeout_s
        self._opener = build_opener(_NoRedirects)

    def send(self, method: str, path: str, *, body: Any = None, token: str | None = None) -> Any:
        """The answer's JSON.

        Raises: Unreachable, NotSignedIn for 401, NotFound for 404, Refused for other refusals.
        """
        headers = {"Accept": "application/json", "User-Agent": "catchall-client"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        # check_address has let http and https pass only.
        request = Request(f"{self.base_url}{path}", data, headers, method=method)  # noqa: S310
        return self._parse(self._exchange(request))

    def _exchange(self, request: Request) -> bytes:
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                return _read(answer)
        except HTTPError as error:
            with error:
                raise _refusal(error) from None
        except (URLError, OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Unreachable(f"{self.base_url} does not answer: {reason}") from error

    def _parse(self, content: bytes) -> Any:
        try:
            return json.loads(content)
        except ValueError as error:
            raise Unreachable(f"{self.base_url} answers, but not as a Catchall site.") from error


def check_address(base_url: str) -> str:
    """The site's address without a last slash. Raises ValueError where it is none."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{base_url!r} is no address like https://errors.example.com")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("A site's address has no name, password, query or fragment.")
    return base_url.rstrip("/")


def _read(answer: Any) -> bytes:
    content: bytes = answer.read(MAX_ANSWER_BYTES + 1)
    if len(content) > MAX_ANSWER_BYTES:
        raise Unreachable("The answer is longer than 64 MiB.")
    return content


def _refusal(error: HTTPError) -> CatchallError:
    detail = _detail(error)
    if error.code == http.client.UNAUTHORIZED:
        return NotSignedIn(detail)
    if error.code == http.client.NOT_FOUND:
        return NotFound(error.code, detail)
    if error.code >= http.client.INTERNAL_SERVER_ERROR or error.code == TOO_MANY_REQUESTS:
        return Unreachable(f"The site cannot answer now: {detail}")
    return Refused(error.code, detail)


def _detail(error: HTTPError) -> str:
    try:
        answer = json.loads(_read(error))
    except (ValueError, OSError, http.client.HTTPException):
        return f"{error.code} {error.reason}"
    detail = answer.get("detail", answer) if isinstance(answer, dict) else answer
    return "; ".join(_sentences(detail)) or f"{error.code} {error.reason}"


def _sentences(detail: Any) -> list[str]:
    """What a refusal says: a text, a list of {"loc", "msg"}, or messages by field."""
    if isinstance(detail, list):
        return [sentence for part in detail for sentence in _sentences(part)]
    if isinstance(detail, dict) and "msg" in detail:
        place = ".".join(str(part) for part in detail.get("loc", ()) if part != "body")
        return [f"{place}: {detail['msg']}" if place else str(detail["msg"])]
    if isinstance(detail, dict):
        return [
            f"{field}: {sentence}"
            for field, part in detail.items()
            for sentence in _sentences(part)
        ]
    return [str(detail)]
