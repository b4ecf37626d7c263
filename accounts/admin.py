"""People in the admin: for superusers."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.api_token_services import expire_api_token, revoke_api_token
from accounts.models import ApiToken, User
from accounts.services import sign_out_everywhere


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
    readonly_fields = ("last_login", "signed_out_at", "date_joined")
    actions = ("sign_out",)
    fieldsets = (
        (None, {"fields": ("name", "email", "password", "must_change_password")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Their settings", {"fields": ("telegram_chat_id", "time_zone", "theme")}),
        ("So far", {"fields": ("last_login", "signed_out_at", "date_joined")}),
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

    @admin.action(permissions=["change"], description="Sign selected people out everywhere")
    def sign_out(self, request: HttpRequest, people: QuerySet[User]) -> None:
        count = sign_out_everywhere(users=people)
        self.message_user(request, f"{count} signed out on every device, and their programs.")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes themselves: a site would end without an administrator."""
        return obj != request.user and super().has_delete_permission(request, obj)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Whose programs may do what. People make their own tokens; here they are taken away."""

    list_display = ("label", "user", "prefix", "is_in_use", "last_used_at", "expires_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("label", "user__name", "prefix")
    fields = readonly_fields = (
        "label",
        "user",
        "scopes",
        "prefix",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    actions = ("revoke", "expire_now")

    @admin.display(boolean=True, description="In use")
    def is_in_use(self, token: ApiToken) -> bool:
        return token.revoked_at is None and not token.is_expired and token.user.is_active

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """For the actions."""
        return request.user.is_superuser

    @admin.action(permissions=["revoke"], description="Revoke selected API tokens")
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        for token in chosen:
            revoke_api_token(token=token, now=timezone.now())
        self.message_user(request, f"{len(chosen)} revoked.", messages.SUCCESS)

    @admin.action(permissions=["revoke"], description="Let selected API tokens run out now")
    def expire_now(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        for token in chosen:
            expire_api_token(token=token, now=timezone.now())
        self.message_user(request, f"{len(chosen)} have run out.", messages.SUCCESS)
