"""Addresses of native clients' reads; with the last slash too."""

from django.urls import re_path

from errors.native.views import ErrorView, ResolveView

urlpatterns = [
    re_path(r"^api/errors/(?P<issue>[^/]+)/?$", ErrorView.as_view(), name="native_error"),
    re_path(
        r"^api/errors/(?P<issue>[^/]+)/resolve/?$", ResolveView.as_view(), name="native_resolve"
    ),
]
