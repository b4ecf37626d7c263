"""Which app answers which address."""

from django.contrib import admin
from django.urls import include, path

from config import api_pages

handler404 = "config.not_found.answer_not_found"
handler500 = "config.outages.answer_failure"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("openapi.json", api_pages.openapi, name="openapi"),
    path("docs", api_pages.docs, name="api_docs"),
    path("redoc", api_pages.redoc, name="api_redoc"),
    path("", include("accounts.api.urls")),
    path("", include("errors.api.urls")),
    path("", include("projects.api.urls")),
    path("", include("projects.urls")),
    path("", include("ingest.pages")),
    path("", include("errors.urls")),
    path("", include("errors.native.urls")),
    path("", include("ingest.native.urls")),
    path("", include("ingest.urls")),
]
