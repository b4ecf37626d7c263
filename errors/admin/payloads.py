"""What lies in object storage, in the admin, to look at: packs of payloads, and files."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.wording import describe_size
from errors.models import AttachmentObject, PayloadPack
from projects.paging import BoundedPaginator


class StoredObjectAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Read-only, for superusers: the sweep removes what nobody needs."""

    search_fields = ("name",)
    # The primary key: no index has another order.
    ordering = ("-pk",)
    sortable_by = ()
    paginator = BoundedPaginator
    show_full_result_count = False

    @admin.display(description="Size")
    def size(self, stored: Any) -> str:
        return describe_size(stored.size_bytes)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PayloadPack)
class PayloadPackAdmin(StoredObjectAdmin):
    list_display = ("name", "payload_count", "size", "created_at")


@admin.register(AttachmentObject)
class AttachmentObjectAdmin(StoredObjectAdmin):
    list_display = ("name", "attachment_id", "size", "created_at")
