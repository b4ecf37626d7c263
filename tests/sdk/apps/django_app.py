"""A Django project in one file, as a user writes one, with a view that crashes."""

import os
import sys

import sentry_sdk
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.urls import path

sentry_sdk.init(release="books@3.1", environment="production", send_default_pii=True)
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DEBUG=False,
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ["SECRET_KEY"],
)


def greet(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def lend(request: HttpRequest, book_id: int) -> HttpResponse:
    sentry_sdk.set_user({"id": "7", "username": "bo"})
    sentry_sdk.set_tag("shelf", "b-12")
    sentry_sdk.add_breadcrumb(category="desk", message="card was read", level="info")
    shelf = {"known": [book_id + 1]}
    try:
        position = shelf["known"].index(book_id)
    except ValueError as error:
        raise LookupError(f"book {book_id} stands nowhere") from error
    return HttpResponse(str(position))


urlpatterns = [path("", greet), path("books/<int:book_id>/lend", lend)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
