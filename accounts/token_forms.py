"""The form with which a person makes an API token."""

from typing import Any

from django import forms

from accounts.api_token import Scope
from accounts.expiry import expiry_field
from accounts.models import User
from accounts.once import OnceForm


class TokenForm(OnceForm):
    """A label, what the token may do, and for how long.

    It asks for the password: a token outlives the session that somebody left open.
    """

    label = forms.CharField(
        label="Label",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Nightly report"}),
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Never more than you may yourself.",
    )
    expires = expiry_field("90")
    current_password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        if not user.has_usable_password():
            del self.fields["current_password"]

    def clean_current_password(self) -> str:
        password: str = self.cleaned_data["current_password"]
        if not self._user.check_password(password):
            raise forms.ValidationError("This is not your current password.")
        return password
