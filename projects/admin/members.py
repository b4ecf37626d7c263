"""Members in the admin: on their project's page, and all of them as a list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.http import person_of
from projects.models import Membership
from projects.scoped_admin import OWNERS, ProjectScopedAdmin, ScopedInline, VisibleProjectFilter
from projects.services import OWNER, ProjectError, check_owner_remains, remove_member


class OwnerRemains(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Refuses to take the last owner out of a project."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        owners = [form for form in kept if form.cleaned_data.get("role") == OWNER]
        if any(form.initial.get("role") != OWNER for form in owners):
            return
        leaving = [form.instance.pk for form in self.initial_forms if form not in owners]
        try:
            check_owner_remains(Membership.objects.filter(pk__in=leaving))
        except ProjectError as error:
            raise ValidationError(str(error)) from error


class MembershipInline(ScopedInline):
    """Who is in the project; owners decide here, as a manager could make themselves one."""

    model = Membership
    formset = OwnerRemains
    change_roles = OWNERS
    fields = (("user", "role"),)
    select_related = ("project", "user")

    def formfield_for_foreignkey(self, *args: Any, **kwargs: Any) -> Any:
        """Read the people once, not for each row anew."""
        field: Any = super().formfield_for_foreignkey(*args, **kwargs)
        if field is not None:
            field.choices = list(field.choices)
        return field


@admin.register(Membership)
class MembershipAdmin(ProjectScopedAdmin):
    """To find a person or a role, and to take people out; roles change on a project's page."""

    list_display = ("user", "project", "role", "created_at")
    list_filter = (("project", VisibleProjectFilter), "role")
    list_select_related = ("project", "user")
    search_fields = ("user__name",)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return self._may(request, obj, OWNERS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Owners who must stay are protected; the page names them and deletes nothing."""
        found, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        last = Membership.objects.filter(pk__in=[each.pk for each in objs]).last_owners()
        return found, counts, forbidden, [*protected, *map(str, last)]

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        remove_member(membership=obj, by=person_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            self.delete_model(request, membership)
