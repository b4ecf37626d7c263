"""What the API's document says of projects."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from accounts.api.schema import (
    FORBIDDEN,
    INVALID,
    TOO_LARGE,
    UNAUTHORISED,
    message,
    path_id,
    refusal,
)
from projects.api.serializers import (
    NewProjectSerializer,
    ProjectChangeSerializer,
    ProjectSerializer,
)

_PROJECTS: dict[str, Any] = {"tags": ["Projects"]}
_PROJECT_ID = [path_id("project_id", "The project's id")]
_NO_PROJECT = refusal("No project of this id, or none that you may see.", "Project not found")
LIST_PROJECTS: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "list_projects",
    "summary": "List projects",
    "description": "One's own; a superuser sees all.",
    "responses": {200: ProjectSerializer(many=True), 401: UNAUTHORISED},
}
CREATE_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "create_project",
    "summary": "Make a project",
    "description": "Whoever makes it owns it. The answer has the key to send with.",
    "request": NewProjectSerializer,
    "responses": {200: ProjectSerializer, 401: UNAUTHORISED, 413: TOO_LARGE, 422: INVALID},
}
GET_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "get_project",
    "summary": "Get a project",
    "parameters": _PROJECT_ID,
    "responses": {200: ProjectSerializer, 401: UNAUTHORISED, 404: _NO_PROJECT},
}
UPDATE_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "update_project",
    "summary": "Change a project",
    "description": "For managers and owners. What is absent stays.",
    "parameters": _PROJECT_ID,
    "request": ProjectChangeSerializer,
    "responses": {
        200: ProjectSerializer,
        401: UNAUTHORISED,
        403: FORBIDDEN,
        404: _NO_PROJECT,
        413: TOO_LARGE,
        422: INVALID,
    },
}
DELETE_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "delete_project",
    "summary": "Delete a project",
    "description": "For owners. Deleting what is not there says the same.",
    "parameters": _PROJECT_ID,
    "responses": {
        200: message("Project deleted successfully"),
        401: UNAUTHORISED,
        403: OpenApiResponse(FORBIDDEN.response, "Only an owner can delete a project."),
    },
}
