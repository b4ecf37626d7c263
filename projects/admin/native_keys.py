"""Keys of native clients in the admin: those of one's projects, and for superusers the site's."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.http import person_of
from projects.access import managed_native_keys
from projects.models import NativeArea, NativeKey
from projects.native_key_forms import AdminApiKeyForm
from projects.native_key_services import (
    create_native_key,
    expire_native_key,
)
from projects.scoped_admin import (
    MANAGERS,
    ProjectScopedAdmin,
    VisibleProjectFilter,
    has_role,
)


class ReachFilter(VisibleProjectFilter):
    """By project, where none is the whole site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = SafeString("Whole site")


class InUseFilter(admin.SimpleListFilter):
    """Keys that are taken, and those that were revoked or have run out."""

    title = "in use"
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "In use"), ("no", "Revoked or run out")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[NativeKey]) -> QuerySet[NativeKey]:
        over = Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now())
        if self.value() == "yes":
            return queryset.exclude(over)
        return queryset.filter(over) if self.value() == "no" else queryset


@admin.register(NativeKey)
class NativeKeyAdmin(ProjectScopedAdmin):
    """Superusers make keys here, of the whole site too; everybody else on the project's page."""

    form = AdminApiKeyForm
    change_roles = MANAGERS
    list_display = (
        "label",
        "reach",
        "opens",
        "prefix",
        "is_in_use",
        "last_used_at",
        "expires_at",
        "created_by",
    )
    list_filter = (("project", ReachFilter), InUseFilter)
    list_select_related = ("project", "created_by")
    search_fields = ("label", "prefix")
    readonly_fields = (
        "prefix",
        "source",
        "created_by",
        "created_at",
        "last_used_at",
        "revoked_at",
    )
    fieldsets = (
        (None, {"fields": ("label", "project", "areas", "errors_per_minute", "expires_at")}),
        ("So far", {"fields": readonly_fields}),
    )
    actions = ("revoke", "restore", "expire_now")

    @admin.display(ordering="project", description="Project")
    def reach(self, key: NativeKey) -> str:
        return str(key.project or "Whole site")

    @admin.display(description="Opens")
    def opens(self, key: NativeKey) -> str:
        every = set(NativeArea.values) <= set(key.areas)
        return "everything" if every else ", ".join(key.areas)

    @admin.display(boolean=True, description="In use")
    def is_in_use(self, key: NativeKey) -> bool:
        return key.is_active and not key.is_expired

    def get_queryset(self, request: HttpRequest) -> QuerySet[NativeKey]:
        """Keys are for those who manage their project: others do not even see their names."""
        keys: QuerySet[NativeKey] = managed_native_keys(person_of(request))
        return keys.order_by("-pk")

    def _may(self, request: HttpRequest, row: NativeKey | None, roles: tuple[str, ...]) -> bool:
        is_of_site = row is not None and row.project_id is None
        return request.user.is_superuser if is_of_site else super()._may(request, row, roles)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: NativeKey | None = None) -> bool:
        """Keys are revoked, never deleted: who used what stays known."""
        return False

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """For the actions."""
        return has_role(request, None, MANAGERS)

    def get_readonly_fields(self, request: HttpRequest, obj: NativeKey | None = None) -> Any:
        """What a key opens to whom is decided when it is made."""
        return (*self.readonly_fields, "project") if obj else self.readonly_fields

    def get_fieldsets(self, request: HttpRequest, obj: NativeKey | None = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:1]

    def save_model(self, request: HttpRequest, obj: NativeKey, form: Any, change: bool) -> None:
        if change:
            return super().save_model(request, obj, form, change)
        key, request.made_text = create_native_key(  # type: ignore[attr-defined]
            project=obj.project,
            label=obj.label,
            areas=obj.areas,
            errors_per_minute=obj.errors_per_minute,
            expires_at=obj.expires_at,
            created_by=person_of(request),
        )
        obj.pk = key.pk
        obj.refresh_from_db()

    def response_add(
        self, request: HttpRequest, obj: NativeKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The one page that shows the key, a message would lie in a cookie; no cache keeps it."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": obj.label,
            "key": obj,
            "text": request.made_text,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/projects/nativekey/made.html", context)

    @admin.action(permissions=["manage"], description="Revoke selected API keys")
    def revoke(self, request: HttpRequest, chosen: QuerySet[NativeKey]) -> None:
        for key in chosen:
            key.revoke(now=timezone.now())
        self.message_user(request, f"{len(chosen)} revoked.", messages.SUCCESS)

    @admin.action(permissions=["manage"], description="Take selected API keys back into use")
    def restore(self, request: HttpRequest, chosen: QuerySet[NativeKey]) -> None:
        for key in chosen:
            key.restore()
        self.message_user(request, f"{len(chosen)} in use again.", messages.SUCCESS)

    @admin.action(permissions=["manage"], description="Let selected API keys run out now")
    def expire_now(self, request: HttpRequest, chosen: QuerySet[NativeKey]) -> None:
        for key in chosen:
            expire_native_key(key=key, now=timezone.now())
        self.message_user(request, f"{len(chosen)} have run out.", messages.SUCCESS)
