"""Addresses of the errors app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
