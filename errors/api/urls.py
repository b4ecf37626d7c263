"""Stored envelopes over REST. Before the addresses of one project: "events" is no id."""

from django.urls import re_path

from errors.api.envelopes import AllEnvelopesView, ProjectEnvelopesView, ShortAllEnvelopesView

urlpatterns = [
    re_path(r"^api/v1/projects/events/?$", AllEnvelopesView.as_view(), name="api_envelopes"),
    re_path(
        r"^api/projects/events/?$", ShortAllEnvelopesView.as_view(), name="api_envelopes_short"
    ),
    re_path(
        r"^api/projects/(?P<project_id>[^/]+)/events/?$",
        ProjectEnvelopesView.as_view(),
        name="api_project_envelopes",
    ),
]
