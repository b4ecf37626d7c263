"""Forms of the keys of native clients."""

from django import forms

from accounts.expiry import NEVER, expiry_field
from accounts.once import OnceForm
from projects.models import NativeArea, NativeKey


class ChangeApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a key is called, and how much it may send."""

    class Meta:
        model = NativeKey
        fields = ("label", "errors_per_minute")
        labels = {"errors_per_minute": "Errors a minute"}
        help_texts = {"errors_per_minute": ""}
        widgets = {
            "label": forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Collector"}),
            "errors_per_minute": forms.NumberInput(attrs={"placeholder": "As the site"}),
        }


class CreateApiKeyForm(OnceForm, ChangeApiKeyForm):
    """A new key of a project."""

    expires = expiry_field(NEVER)


class AdminApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A key in the admin, with what it opens."""

    areas = forms.MultipleChoiceField(
        label="Opens",
        choices=NativeArea.choices,
        initial=NativeArea.values,
        widget=forms.CheckboxSelectMultiple,
    )
    # One field with a label: the admin's own two have none.
    expires_at = forms.DateTimeField(
        label="Runs out at",
        required=False,
        help_text="Empty: never.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = NativeKey
        fields = ("label", "project", "areas", "errors_per_minute", "expires_at")
