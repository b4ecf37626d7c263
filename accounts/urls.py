"""Sign-in, and a person's own settings.

Of django-allauth's addresses only those that have a page here are routed.
"""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from accounts import token_views, views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("settings/", views.account_settings, name="account_settings"),
    path("tokens/", token_views.account_tokens, name="account_tokens"),
    path("tokens/<int:token_id>/revoke/", token_views.token_revoke, name="token_revoke"),
    path("sign-out-elsewhere/", views.sign_out_elsewhere, name="account_sign_out_elsewhere"),
    path("theme/", views.set_theme, name="account_theme"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/reset/", views.reset_password, name="account_reset_password"),
    path(
        "password/reset/done/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    # allauth's reset link: the person's id, then the signed token.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
