"""The request of somebody who has signed in, for views behind `login_required`."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request whose user is a person, never anonymous."""

    user: User
    htmx: HtmxDetails
