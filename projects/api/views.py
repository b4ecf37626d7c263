"""Projects over REST: those that one sees in the pages, by the same roles."""

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RestView, allow, asking
from accounts.api.refusals import NotFound
from accounts.models import User
from accounts.token_auth import ProjectsScope
from common.text import read_id
from projects.access import can_manage
from projects.api import schema
from projects.api.serializers import (
    NewProjectSerializer,
    ProjectChangeSerializer,
    ProjectSerializer,
)
from projects.languages import platform_of
from projects.models import Project, ProjectKey, ProjectQuerySet
from projects.services import ProjectError, change_project, create_project, delete_project

NO_PROJECT = "Project not found"


class ProjectListView(RestView):
    """All projects that one may see."""

    ends_in_slash = True

    permission_classes = (ProjectsScope,)

    @extend_schema(**schema.LIST_PROJECTS)
    def get(self, request: Request) -> Response:
        projects = list(_visible(asking(request)).order_by("pk"))
        return Response([ProjectSerializer(project).data for project in projects])

    @extend_schema(**schema.CREATE_PROJECT)
    def post(self, request: Request) -> Response:
        given = NewProjectSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        name, language = given.validated_data["name"], given.validated_data["lang"]
        by = asking(request)
        project = create_project(
            name=name, platform=platform_of(language), owner=by, language=language
        )
        return _told(by, project.pk)


class ProjectView(RestView):
    """One project."""

    permission_classes = (ProjectsScope,)

    @extend_schema(**schema.GET_PROJECT)
    def get(self, request: Request, project_id: str) -> Response:
        return Response(ProjectSerializer(_find(asking(request), project_id)).data)

    @extend_schema(**schema.UPDATE_PROJECT)
    def put(self, request: Request, project_id: str) -> Response:
        by = asking(request)
        project = _find(by, project_id)
        allow(can_manage(by, project), f"Only managers and owners of {project} can do this.")
        given = ProjectChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        change_project(
            project=project,
            name=given.validated_data.get("name"),
            language=given.validated_data.get("lang"),
        )
        return _told(by, project.pk)

    @extend_schema(**schema.DELETE_PROJECT)
    def delete(self, request: Request, project_id: str) -> Response:
        by = asking(request)
        project = _visible(by).filter(pk=read_id(project_id) or 0).first()
        if project is not None:
            try:
                delete_project(project=project, by=by, now=timezone.now())
            except ProjectError as error:
                raise PermissionDenied(str(error)) from error
        return Response({"message": "Project deleted successfully"})


def _visible(user: User) -> ProjectQuerySet:
    keys = ProjectKey.objects.filter(revoked_at=None).order_by("pk")
    return Project.objects.visible_to(user).prefetch_related(
        Prefetch("keys", keys, to_attr="active_keys")
    )


def _find(user: User, project_id: str) -> Project:
    project = _visible(user).filter(pk=read_id(project_id) or 0).first()
    if project is None:
        raise NotFound(NO_PROJECT)
    return project


def _told(user: User, project_id: int) -> Response:
    """The project as it is now, with its key."""
    return Response(ProjectSerializer(_visible(user).get(pk=project_id)).data)
