"""Addresses of the site itself: health."""

from django.http import HttpRequest, JsonResponse
from django.urls import path


def health(request: HttpRequest) -> JsonResponse:
    """Answer as soon as the site serves; no database, no authentication, no redirect."""
    return JsonResponse({"status": "ok"}, json_dumps_params={"separators": (",", ":")})


urlpatterns = [path("health", health, name="health")]
