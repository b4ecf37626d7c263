"""What libraries register in the admin: schedules as they fit here, and what has no use."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import ClockedSchedule, PeriodicTask, SolarSchedule

# Projects have roles, people have one email, and nothing here runs by the sun.
for model in (Group, EmailAddress, ClockedSchedule, SolarSchedule, PeriodicTask):
    admin.site.unregister(model)


@admin.register(PeriodicTask)
class ScheduleAdmin(PeriodicTaskAdmin):  # type: ignore[misc]  # django-celery-beat has no types
    """A schedule: what runs, how often, and whether at all."""

    # The library's own runs an inline script, which the content security policy forbids.
    change_form_template = None
    list_display = ("name", "enabled", "scheduler", "last_run_at", "total_run_count")
    list_filter = ("enabled",)
    readonly_fields = ("last_run_at", "total_run_count", "date_changed")
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        ("How often", {"fields": ("interval", "crontab")}),
        ("So far", {"fields": ("last_run_at", "total_run_count", "date_changed")}),
    )
