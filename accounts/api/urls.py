"""Signing in and people over REST; without the last slash too: a POST is never redirected."""

from django.urls import re_path

from accounts.api.sign_in import LoginView, RefreshView
from accounts.api.users import UserListView, UserView

urlpatterns = [
    re_path(r"^api/v1/auth/login/?$", LoginView.as_view(), name="api_login"),
    re_path(r"^api/v1/auth/refresh_token/?$", RefreshView.as_view(), name="api_refresh_token"),
    re_path(r"^api/v1/users/?$", UserListView.as_view(), name="api_users"),
    re_path(r"^api/v1/users/(?P<user_id>[^/]+)/?$", UserView.as_view(), name="api_user"),
]
