"""What the digest had to set aside, in the admin: look at the cause, try again, or drop it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.http import person_of
from common.text import first_line, trim
from common.wording import describe_size
from ingest.inbox.base import InboxFull, InboxUnavailable
from ingest.models import QuarantinedMessage
from ingest.services.quarantine import replay
from projects.models import Project
from projects.scoped_admin import MANAGERS, ProjectScopedAdmin, VisibleProjectFilter, has_role


@admin.register(QuarantinedMessage)
class QuarantinedMessageAdmin(ProjectScopedAdmin):
    """Size and cause are shown, never the body: nothing in it is scrubbed."""

    list_display = ("received", "project", "error_type", "cause", "size", "deliveries")
    list_filter = (("project", VisibleProjectFilter), "error_type")
    list_select_related = ("project",)
    search_fields = ("error_type", "error")
    fields = readonly_fields = (
        "received",
        "quarantined_at",
        "project",
        "error_type",
        "error",
        "size",
        "deliveries",
    )
    actions = ("replay",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuarantinedMessage]:
        return super().get_queryset(request).defer("body", "meta")

    @admin.display(ordering="id", description="Received at")
    def received(self, message: QuarantinedMessage) -> object:
        return message.received_at

    @admin.display(description="Cause")
    def cause(self, message: QuarantinedMessage) -> str:
        return trim(first_line(message.error), 120)

    @admin.display(ordering="body_bytes", description="Size")
    def size(self, message: QuarantinedMessage) -> str:
        return describe_size(message.body_bytes)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """For the action."""
        return has_role(request, None, MANAGERS)

    def has_delete_permission(
        self, request: HttpRequest, obj: QuarantinedMessage | None = None
    ) -> bool:
        return self._may(request, obj, MANAGERS)

    @admin.action(permissions=["manage"], description="Replay selected messages")
    def replay(self, request: HttpRequest, chosen: QuerySet[QuarantinedMessage]) -> None:
        """Give them to the digest once more, such as after an upgrade that reads them."""
        managed = chosen.filter(project__in=Project.objects.managed_by(person_of(request)))
        try:
            count = replay(managed.defer(None))
        except (InboxFull, InboxUnavailable) as error:
            self.message_user(request, f"The inbox takes nothing now: {error}", messages.ERROR)
        else:
            self.message_user(request, f"{count} went back into the inbox.", messages.SUCCESS)
