"""Envelopes, files and other items in the admin, to look at and to take away."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from common.row_ids import received_at_of
from common.wording import describe_size
from errors.item_types import SIZE_LIMITS
from errors.models import Attachment, StoredEnvelope, StoredItem
from errors.services.kept import KeptModel, remove_kept
from errors.storage import PayloadsAwayError
from errors.views.attachments import download_attachment
from errors.views.away import answer_away
from errors.views.envelope import download_envelope, download_item
from projects.paging import among_newest
from projects.scoped_admin import MANAGERS, ProjectScopedAdmin, VisibleProjectFilter, has_role

BY_PROJECT = ("project", VisibleProjectFilter)


class KeptAdmin(ProjectScopedAdmin):
    """Rows within a budget: what they hold can be taken away, and managers may remove them."""

    # What the link to the content says; its address ends in `file`.
    link_text = ""
    list_filter: ClassVar[Any] = (BY_PROJECT,)
    list_select_related = ("project",)
    sortable_by = ()
    readonly_fields: ClassVar[Any] = ("download", "received")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj, MANAGERS)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file)
        return [path("<int:pk>/file/", view, name=self._address_name()), *super().get_urls()]

    @admin.display(description="Content")
    def download(self, row: Any) -> str:
        address = reverse(f"admin:{self._address_name()}", args=[row.pk])
        return format_html('<a href="{}" download>{}</a>', address, self.link_text)

    @admin.display(description="Received at")
    def received(self, row: Any) -> str:
        moment = received_at_of(row.pk if isinstance(row, StoredEnvelope) else row.envelope_id)
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")

    def file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The content as a file, for those who see its row."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            return self.answer(row)
        except PayloadsAwayError:
            return answer_away(request)

    def answer(self, row: Any) -> HttpResponse:
        """What a row holds, as a download."""
        raise NotImplementedError

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """There is nothing to search: the newest."""
        return among_newest(queryset), False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._remove([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Those of the chosen that are in projects where this person is a manager."""
        rows = queryset.order_by().values_list("pk", "project_id")
        self._remove([pk for pk, where in rows if has_role(request, where, MANAGERS)])

    def _remove(self, ids: list[int]) -> None:
        model: KeptModel = self.model
        remove_kept(model, ids)

    def _address_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_file"


@admin.register(StoredEnvelope)
class StoredEnvelopeAdmin(KeptAdmin):
    link_text = "Download envelope"
    list_display = ("id", "project", "event_id", "received", "download")

    def answer(self, row: StoredEnvelope) -> HttpResponse:
        return download_envelope(row.project_id, row.pk, name=str(row.pk))


class ItemTypeFilter(admin.SimpleListFilter):
    """By the types that are kept in numbers; a list of all that ever came would read the table."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(SIZE_LIMITS)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(StoredItem)
class StoredItemAdmin(KeptAdmin):
    link_text = "Download item"
    list_display = ("type", "project", "received", "size", "envelope_id", "position", "download")
    list_filter = (BY_PROJECT, ItemTypeFilter)
    exclude = ("payload",)
    readonly_fields = ("download", "received", "size")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredItem]:
        return super().get_queryset(request).defer("payload")

    @admin.display(description="Size")
    def size(self, item: StoredItem) -> str:
        return describe_size(item.payload_bytes)

    def answer(self, row: StoredItem) -> HttpResponse:
        return download_item(row)


@admin.register(Attachment)
class AttachmentAdmin(KeptAdmin):
    link_text = "Download"
    list_display = ("name", "project", "received", "content_type", "size", "event", "download")
    readonly_fields = ("download", "received", "size", "event")

    @admin.display(description="Size")
    def size(self, attachment: Attachment) -> str:
        return describe_size(attachment.size_bytes)

    @admin.display(description="Event")
    def event(self, attachment: Attachment) -> str:
        return attachment.event_id.hex if attachment.event_id else ""

    def answer(self, row: Attachment) -> HttpResponse:
        return download_attachment(row)
