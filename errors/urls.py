"""Addresses of the errors app."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from errors.views import (
    attachments,
    envelope,
    event_page,
    feedback,
    gallery,
    issue_list,
    issue_tabs,
    status,
    undo_page,
)

EVENT_ADDRESSES: list[URLPattern | URLResolver] = [
    path("", event_page.issue, name="issue_event"),
    path("json/", event_page.event_json, name="event_json"),
    path("raw/", event_page.event_raw, name="event_raw"),
    path("markdown/", event_page.event_markdown, name="event_markdown"),
    path("grouping/", issue_tabs.issue_grouping, name="event_grouping"),
    path("envelope/", envelope.event_envelope, name="event_envelope"),
]
ISSUE_ADDRESSES: list[URLPattern | URLResolver] = [
    path("", event_page.issue, name="issue"),
    path("events/", issue_tabs.issue_events, name="issue_events"),
    path("events/<str:event>/", include(EVENT_ADDRESSES)),
    path("tags/", issue_tabs.issue_tags, name="issue_tags"),
    path("activity/", issue_tabs.issue_activity, name="issue_activity"),
    path("feedback/", feedback.issue_feedback, name="issue_feedback"),
    path("grouping/", issue_tabs.issue_grouping, name="issue_grouping"),
]
ATTACHMENT_ADDRESSES: list[URLPattern | URLResolver] = [
    path("", attachments.attachment, name="attachment"),
    path("preview/", attachments.attachment_preview, name="attachment_preview"),
]
urlpatterns = [
    path("", issue_list.home, name="home"),
    path("issues/", issue_list.issue_list, name="issue_list"),
    path("issues/rows/", issue_list.issue_rows, name="issue_rows"),
    path("issues/status/", status.issue_status, name="issue_status"),
    path("issues/undo/", undo_page.undo, name="issue_undo"),
    path("feedback/", feedback.feedback_list, name="feedback_list"),
    path("feedback/status/", feedback.feedback_status, name="feedback_status"),
    path("projects/<slug:slug>/feedback/", feedback.feedback_list, name="project_feedback_list"),
    path("projects/<slug:slug>/issues/", issue_list.issue_list, name="project_issue_list"),
    path("projects/<slug:slug>/issues/rows/", issue_list.issue_rows, name="project_issue_rows"),
    path("projects/<slug:slug>/issues/<int:number>/", include(ISSUE_ADDRESSES)),
    path("projects/<slug:slug>/attachments/<int:pk>/", include(ATTACHMENT_ADDRESSES)),
]
if settings.DEBUG:
    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))
