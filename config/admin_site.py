"""The admin site: Django's own, in the site's frame, signed in through the site's login."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator

from config.admin_home import read_home


class CatchallAdminSite(AdminSite):
    """Opens with how the site is doing."""

    site_header = site_title = "Catchall"
    index_title = "Overview"
    # The sections of the frame lead everywhere.
    enable_nav_sidebar = False

    # Limits and second factor live in the site's own login.
    login = method_decorator(secure_admin_login)(AdminSite.login)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Numbers of the whole site for superusers; for staff, only the apps."""
        context = {**(extra_context or {})}
        if request.user.is_superuser:
            context["home"] = read_home(timezone.now())
        return super().index(request, context)
