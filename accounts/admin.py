"""People in the admin: for superusers."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest

from accounts.models import User


class CreateUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    """A new person; django.contrib.auth's form is made for its own model."""

    must_change_password = forms.BooleanField(
        initial=True,
        required=False,
        help_text="They choose one that only they know at their first sign-in.",
    )

    class Meta:
        model = User
        fields = ("name", "email", "must_change_password")


class ChangeUserForm(UserChangeForm):  # type: ignore[type-arg]  # not generic at run time
    """A person as they are."""

    class Meta:
        model = User
        fields = (
            "name",
            "email",
            "telegram_chat_id",
            "time_zone",
            "theme",
            "is_active",
            "is_staff",
            "is_superuser",
            "must_change_password",
        )


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]  # not generic at run time
    add_form = CreateUserForm
    form = ChangeUserForm
    list_display = ("name", "email", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("name", "email", "password", "must_change_password")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Their settings", {"fields": ("telegram_chat_id", "time_zone", "theme")}),
        ("So far", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                    "must_change_password",
                    "is_staff",
                )
            },
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes themselves: a site would end without an administrator."""
        return obj != request.user and super().has_delete_permission(request, obj)
