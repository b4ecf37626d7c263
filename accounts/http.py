"""The request of somebody who has signed in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class PersonRequest(HttpRequest):
    """For views behind `login_required`: the user is a person, never anonymous."""

    user: User
    htmx: HtmxDetails


def person_of(request: HttpRequest) -> User:
    """Who is signed in, where nobody else gets: in the admin."""
    assert request.user.is_authenticated
    return request.user
