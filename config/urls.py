"""Which app answers which address."""

from django.contrib import admin
from django.urls import include, path

handler500 = "config.outages.answer_failure"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("", include("projects.urls")),
    path("", include("ingest.pages")),
    path("", include("errors.urls")),
    path("", include("ingest.urls")),
]
