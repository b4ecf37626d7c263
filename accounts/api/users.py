"""People over REST: a superuser has them all, everybody else themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import people
from accounts.api import schema
from accounts.api.base import RestView, allow, asking
from accounts.api.refusals import Conflict, NotFound, refused_by_model
from accounts.api.serializers import (
    NewPersonSerializer,
    PersonChangeSerializer,
    PersonSerializer,
)
from accounts.models import ApiToken, User
from accounts.token_auth import UsersScope
from common.text import read_id

NO_USER = "User not found"
NOT_FOR_PROGRAMS = "An API token cannot set this password"
ONLY_SUPERUSERS = "Only a superuser can do this"


class UserListView(RestView):
    """All people that one may see."""

    ends_in_slash = True

    permission_classes = (UsersScope,)

    @extend_schema(**schema.LIST_USERS)
    def get(self, request: Request) -> Response:
        people_seen = User.objects.visible_to(asking(request)).order_by("pk")
        return Response(PersonSerializer(people_seen, many=True).data)

    @extend_schema(**schema.CREATE_USER)
    def post(self, request: Request) -> Response:
        allow(asking(request).is_superuser, ONLY_SUPERUSERS)
        given = NewPersonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with _told():
            user = people.create_person(**given.validated_data)
        return Response(PersonSerializer(user).data)


class UserView(RestView):
    """One person."""

    permission_classes = (UsersScope,)

    @extend_schema(**schema.GET_USER)
    def get(self, request: Request, user_id: str) -> Response:
        return Response(PersonSerializer(_find(request, user_id)).data)

    @extend_schema(**schema.UPDATE_USER)
    def put(self, request: Request, user_id: str) -> Response:
        user = _find(request, user_id)
        given = PersonChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if "password" in given.validated_data:
            allow(_may_set_password(request, user), NOT_FOR_PROGRAMS)
        with _told():
            people.change_person(user=user, by=asking(request), **given.validated_data)
        return Response(PersonSerializer(user).data)

    @extend_schema(**schema.DELETE_USER)
    def delete(self, request: Request, user_id: str) -> Response:
        by = asking(request)
        user = _seen(request, user_id)
        if user is not None:
            allow(by.is_superuser, ONLY_SUPERUSERS)
            allow(user != by, "Nobody can delete themselves")
            with _told():
                people.delete_person(user=user)
        return Response({"message": "User deleted successfully"})


def _seen(request: Request, user_id: str) -> User | None:
    seen = User.objects.visible_to(asking(request))
    return seen.filter(pk=read_id(user_id) or 0).first()


def _find(request: Request, user_id: str) -> User:
    user = _seen(request, user_id)
    if user is None:
        raise NotFound(NO_USER)
    return user


def _may_set_password(request: Request, user: User) -> bool:
    """An API token sets none that would open more than its scopes: its person's, a superuser's."""
    opens_more = user == request.user or user.is_superuser
    return not (isinstance(request.auth, ApiToken) and opens_more)


@contextmanager
def _told() -> Iterator[None]:
    """What a service refuses, as an answer."""
    try:
        yield
    except people.PersonError as error:
        raise Conflict(str(error)) from error
    except ValidationError as error:
        raise refused_by_model(error) from error
