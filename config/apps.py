"""The project's own app configurations: its commands and its admin site."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class SiteConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Importing registers them.
        import_module("config.checks")


class AdminConfig(DjangoAdminConfig):
    default_site = "config.admin_site.CatchallAdminSite"
