"""Addresses that SDKs send to; without the last slash too, for a POST must not be redirected."""

from django.urls import re_path

from ingest import views
from ingest.error_page import ErrorPageView
from ingest.routes import OTHER_ADDRESSES

_OTHER_VIEWS: dict[str, type[views.AcceptView]] = {
    "security": views.SecurityView,
    "minidump": views.MinidumpView,
    "attachments": views.AttachmentsView,
    "cron": views.CheckInView,
    "otlp": views.OtlpView,
}

urlpatterns = [
    re_path(r"^api/embed/error-page/?$", ErrorPageView.as_view(), name="error_page"),
    re_path(r"^api/(?P<project>[^/]+)/envelope/?$", views.EnvelopeView.as_view(), name="envelope"),
    re_path(
        r"^api/v1/(?P<project>[^/]+)/envelope/?$",
        views.StoredEnvelopeView.as_view(),
        name="stored_envelope",
    ),
    re_path(r"^api/(?P<project>[^/]+)/store/?$", views.StoreView.as_view(), name="store"),
    *(
        re_path(
            rf"^api/(?P<project>[^/]+)/{address}/?$",
            _OTHER_VIEWS[endpoint].as_view(),
            name=endpoint,
        )
        for endpoint, address in OTHER_ADDRESSES.items()
    ),
]
