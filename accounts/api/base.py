"""What the views of the REST interface share: who asks, JSON in and out, refusals."""

from collections.abc import Mapping, Sequence
from typing import IO, Any, cast

from django.core.exceptions import RequestDataTooBig
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, ParseError, PermissionDenied, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import AccessTokenAuthentication
from accounts.api.negotiation import OneForAll
from accounts.api.refusals import unprocessable, unreadable
from accounts.models import User
from accounts.token_auth import ApiTokenAuthentication
from common import jsonio

MAX_BODY_BYTES = 64 * 1024


class TooLarge(APIException):
    """The request's body is beyond what such requests need."""

    status_code = 413
    default_detail = "Request body exceeds maximum size"
    default_code = "too_large"


class JsonParser(BaseParser):
    """A small body as JSON, whatever the client calls it."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises TooLarge, ParseError."""
        try:
            body = stream.read(MAX_BODY_BYTES + 1)
        except RequestDataTooBig as error:
            raise TooLarge from error
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge
        try:
            return jsonio.loads(body)
        except jsonio.JsonError as error:
            raise ParseError("JSON decode error") from error


class RestView(APIView):
    """JSON for a person's program; only what the person may see and do in the pages, too."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (
        AccessTokenAuthentication,
        ApiTokenAuthentication,
    )
    # Each view says for which area an API token must have been made: a HasScope of its own.
    permission_classes: Sequence[type[BasePermission]]
    parser_classes = (JsonParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OneForAll

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Nobody between keeps tokens, or what a person may see."""
        return {**super().default_response_headers, "Cache-Control": "no-store"}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, ValidationError):
            is_read = self.request.method in SAFE_METHODS
            return unprocessable(exc, "query" if is_read else "body")
        if isinstance(exc, ParseError):
            return unreadable(str(exc.detail))
        return super().handle_exception(exc)


def asking(request: Request) -> User:
    """Who asks, in views that nobody else gets into."""
    return cast(User, request.user)


def allow(is_allowed: bool, otherwise: str) -> None:
    """Raises PermissionDenied with a sentence for the program's user."""
    if not is_allowed:
        raise PermissionDenied(otherwise)
