"""The admin site: Django's own, signed in through the site's login."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite


class CatchallAdminSite(AdminSite):
    site_header = "Catchall"
    site_title = "Catchall admin"
    index_title = "Overview"


CatchallAdminSite.login = secure_admin_login(CatchallAdminSite.login)  # type: ignore[method-assign]  # limits and second factor live there
