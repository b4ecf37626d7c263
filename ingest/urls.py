"""Addresses that SDKs send to; without the last slash too, for a POST must not be redirected."""

from django.urls import re_path

from ingest.views import EnvelopeView, StoreView

urlpatterns = [
    re_path(r"^api/(?P<project>[^/]+)/envelope/?$", EnvelopeView.as_view(), name="envelope"),
    re_path(r"^api/(?P<project>[^/]+)/store/?$", StoreView.as_view(), name="store"),
]
