"""Addresses of native clients; with and without the last slash, for no POST is redirected."""

from django.urls import re_path

from ingest.native.browser_views import BrowserErrorsView
from ingest.native.simple_view import SimpleEventsView
from ingest.native.views import (
    DsnKeysView,
    DsnKeyView,
    ErrorsView,
    ProjectListView,
    TestAlertView,
)

urlpatterns = [
    re_path(r"^api/v1/events/?$", SimpleEventsView.as_view(), name="simple_events"),
    re_path(r"^api/errors/?$", ErrorsView.as_view(), name="native_errors"),
    re_path(r"^api/projects/?$", ProjectListView.as_view(), name="native_projects"),
    re_path(r"^api/test-alert/?$", TestAlertView.as_view(), name="native_test_alert"),
    re_path(r"^api/dsn-keys/?$", DsnKeysView.as_view(), name="native_dsn_keys"),
    re_path(r"^api/dsn-keys/(?P<key_id>[^/]+)/?$", DsnKeyView.as_view(), name="native_dsn_key"),
    re_path(r"^api/browser/errors/?$", BrowserErrorsView.as_view(), name="native_browser_errors"),
]
