"""Projects over REST; without the last slash too, for a POST must not be redirected."""

from django.urls import re_path

from projects.api.statistics import StatisticsView
from projects.api.views import ProjectListView, ProjectView

urlpatterns = [
    re_path(
        r"^api/projects/(?P<project_id>[^/]+)/statistics/?$",
        StatisticsView.as_view(),
        name="api_statistics",
    ),
    re_path(r"^api/v1/projects/?$", ProjectListView.as_view(), name="api_projects"),
    re_path(
        r"^api/v1/projects/(?P<project_id>[^/]+)/?$", ProjectView.as_view(), name="api_project"
    ),
]
