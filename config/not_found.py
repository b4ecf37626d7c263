"""The answer where no address leads anywhere: a page for people, JSON for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

API_PREFIX = "/api/"
BODY = {"detail": "Not found"}


def answer_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404. Source: the native interfaces' contract, 404."""
    if request.path_info.startswith(API_PREFIX):
        return JsonResponse(BODY, status=404, json_dumps_params={"separators": (",", ":")})
    return defaults.page_not_found(request, exception)
