"""Addresses of the errors app."""

from django.conf import settings
from django.urls import path

from errors.views import gallery, issue_list

urlpatterns = [
    path("", issue_list.home, name="home"),
    path("issues/", issue_list.issue_list, name="issue_list"),
    path("projects/<slug:slug>/issues/", issue_list.issue_list, name="project_issue_list"),
]
if settings.DEBUG:
    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))
