"""What the admin of every model inside a project shares: who sees which rows, and who may act."""

from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from accounts.http import person_of
from projects.models import Membership, Project
from projects.paging import BoundedPaginator

OWNERS = (Membership.Role.OWNER.value,)
MANAGERS = Membership.MANAGERS
WRITERS = Membership.WRITERS


# One query a request, however often the admin asks.
_own_roles: WeakKeyDictionary[HttpRequest, dict[int, str]] = WeakKeyDictionary()


def has_role(request: HttpRequest, project_id: int | None, roles: Collection[str]) -> bool:
    """Whether the person has one of these roles there; without a project: in any of theirs."""
    if not roles:
        return False
    if request.user.is_superuser:
        return True
    if request not in _own_roles:
        memberships = Membership.objects.filter(user=person_of(request))
        _own_roles[request] = dict(memberships.values_list("project_id", "role"))
    own = _own_roles[request]
    if project_id is None:
        return any(role in roles for role in own.values())
    return own.get(project_id, "") in roles


class VisibleProjectFilter(admin.RelatedFieldListFilter):
    """Filters by project, and names none that the person does not see."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, Any]]:
        projects = Project.objects.visible_to(person_of(request))
        return [(str(pk), name) for pk, name in projects.values_list("pk", "name")]


class ProjectScopedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Rows of the person's own projects; their role in a project says what they may change there.

    Membership stands in for Django's permissions, so that staff need none. Superusers see all.
    """

    # The lookup from a row to its project.
    project_path = "project"
    # Who may change and delete rows; nobody: read-only, for superusers too.
    change_roles: tuple[str, ...] = ()

    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        projects = Project.objects.visible_to(person_of(request))
        return super().get_queryset(request).filter(**{f"{self.project_path}__in": projects})

    def project_id_of(self, row: Any) -> int:
        """The project that a row belongs to."""
        project_id: int = row.project_id
        return project_id

    def _may(self, request: HttpRequest, row: Any, roles: tuple[str, ...]) -> bool:
        return has_role(request, None if row is None else self.project_id_of(row), roles)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj, self.change_roles)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj, self.change_roles)

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.related_model is Project:
            kwargs["queryset"] = Project.objects.managed_by(person_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ScopedInline(admin.StackedInline):  # type: ignore[type-arg]  # not generic at run time
    """Rows on their project's page, changed by those with one of `change_roles` there."""

    change_roles: tuple[str, ...] = MANAGERS
    # What a row's own words name, or each row would ask for it.
    select_related: tuple[str, ...] = ("project",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.select_related)

    def _may(self, request: HttpRequest, project: Project | None) -> bool:
        return has_role(request, project.pk if project else None, self.change_roles)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)
