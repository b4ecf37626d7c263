"""Forms of signing in and of a person's own settings."""

from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordKeyForm
from django import forms
from django.http import HttpRequest

from accounts.models import User
from accounts.tasks import send_reset_mail


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Name or email, password, and whether to stay signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Name or email"
        self.fields["login"].widget = forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        )
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = "Stay signed in on this device"


class NewPasswordMixin:
    """Two fields for a new password, in this site's words."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", "Current password"),
            ("password1", "New password"),
            ("password2", "New password, once more"),
        ):
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = ""
                self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = "At least 8 characters, and hard to guess."


class OwnPasswordForm(NewPasswordMixin, ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """A new password in exchange for the current one."""


class ResetPasswordForm(NewPasswordMixin, ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """A new password in exchange for a reset link."""


class RequestResetForm(forms.Form):
    """Asks for a reset mail; what it answers never depends on whether the person exists."""

    # allauth counts attempts under the name "email".
    email = forms.CharField(
        label="Name or email",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def save(self, request: HttpRequest) -> None:
        """Queue the mail; the page answers before anybody knows whether there is such a person."""
        send_reset_mail.delay(self.cleaned_data["email"].strip())


def time_zone_choices() -> list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]:
    """UTC first, then the zones grouped by continent, as a select shows them."""
    names = sorted(name for name in available_timezones() if "/" in name and name[0].isupper())
    regions = [
        (region, [(name, name.split("/", 1)[1].replace("_", " ")) for name in zones])
        for region, zones in groupby(names, key=lambda name: name.split("/", 1)[0])
        if region not in {"Etc", "SystemV", "US"}
    ]
    return [("UTC", "UTC"), *regions]


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What people set for themselves. A new email asks for the password: it can reset it."""

    current_password = forms.CharField(
        label="Current password",
        required=False,
        strip=False,
        help_text="Only to change the email, which can reset the password.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = User
        fields = ("email", "telegram_chat_id", "time_zone", "theme")
        labels = {"telegram_chat_id": "Telegram chat id"}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    field_order = ("email", "current_password", "telegram_chat_id", "time_zone", "theme")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = time_zone_choices()
        if self.instance.time_zone not in _values(choices):
            choices.insert(0, (self.instance.time_zone, self.instance.time_zone))
        self.fields["time_zone"] = forms.ChoiceField(choices=choices, label="Time zone")

    def clean_email(self) -> str | None:
        return (self.cleaned_data["email"] or "").lower() or None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_new_email = "email" in cleaned and cleaned["email"] != self.initial["email"]
        if has_new_email and not self.instance.check_password(cleaned["current_password"]):
            self.add_error("current_password", "Type your current password to change the email.")
        return cleaned


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The switch in the top bar."""

    class Meta:
        model = User
        fields = ("theme",)


def _values(choices: list[Any]) -> set[str]:
    return {
        value
        for first, second in choices
        for value in ([first] if isinstance(second, str) else [name for name, _ in second])
    }
