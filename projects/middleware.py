"""What happens to the keys of native clients before anybody looks at a request."""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class QueryKeyMiddleware:
    """Turn `?api_key=` into the header X-API-Key, so that no log and no page holds the key.

    Where both are there the header counts. A + stays one: keys hold no space, and base64 is sent
    as it is.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        if "api_key=" in meta.get("QUERY_STRING", ""):
            pairs = [pair.partition("=") for pair in meta["QUERY_STRING"].split("&")]
            keys = [unquote(value) for name, _, value in pairs if name == "api_key"]
            rest = ["".join(pair) for pair in pairs if pair[0] != "api_key"]
            meta["QUERY_STRING"] = "&".join(rest)
            if keys:
                meta.setdefault("HTTP_X_API_KEY", keys[0])
        return self.get_response(request)
