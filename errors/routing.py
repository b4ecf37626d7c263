"""Addresses of the WebSockets, used by `config.asgi`."""

from django.urls import path

from errors.consumers import IssuesConsumer

websocket_urlpatterns = [
    path("ws/issues/", IssuesConsumer.as_asgi()),
    path("ws/projects/<slug:slug>/", IssuesConsumer.as_asgi()),
]
