"""Forms of projects, their keys and members."""

from typing import Any

from django import forms

from projects.models import Membership, Project, ProjectKey
from projects.origins import check_origins
from projects.policies import numbers_without, site_numbers
from projects.rate_limits import LIMIT_FIELDS
from projects.retention import BOUNDS, SETTINGS, Effective

NUMBERS = {
    "retention_days": "Days that events are kept",
    "max_events": "Events kept for a project",
    "max_events_per_issue": "Events kept for an issue",
    "resolved_days": "Days resolved issues are kept",
}
LIMIT_LABELS = {"rate_limit": "At most", "rate_limit_window_s": "In seconds"}
LIMIT_HELP = {"rate_limit": "Empty: no limit.", "rate_limit_window_s": "Empty: 60, a minute."}
# What 0 stands for, where it may be given.
ZERO = {"max_events": "no bound", "resolved_days": "for ever"}


def bound_numbers(form: forms.BaseForm, otherwise: dict[str, Effective]) -> None:
    """Give the form the numbers of a retention policy, each saying what counts when it is empty."""
    for name, label in NUMBERS.items():
        least, most = BOUNDS[name]
        instead = f"Empty: {describe_number(name, otherwise[name].value)}, from "
        help_text = f"{instead}{otherwise[name].source}."
        if name in ZERO:
            help_text += f" 0: {ZERO[name]}."
        form.fields[name] = forms.IntegerField(
            label=label, required=False, min_value=least, max_value=most, help_text=help_text
        )


def describe_number(name: str, value: int) -> str:
    """A policy's number in words: "1,000", "no bound"."""
    return ZERO.get(name, "0") if value == 0 else f"{value:,}"


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The numbers of a project's policy, or of the site's."""

    class Meta:
        model = Project
        fields = tuple(SETTINGS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound_numbers(self, numbers_without(self.instance))


class CreateProjectForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A name and what the application is written in: all that a project needs."""

    class Meta:
        model = Project
        fields = ("name", "platform")
        widgets = {"name": forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"})}
        help_texts = {"platform": "Chooses the set-up instructions; it limits nothing."}


class ProjectSettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What managers set for a project."""

    class Meta:
        model = Project
        fields = (
            "name",
            "platform",
            *SETTINGS,
            *LIMIT_FIELDS,
            "allowed_origins",
            "sensitive_fields",
            "safe_fields",
            "drop_ip_addresses",
        )
        labels = {
            **LIMIT_LABELS,
            "allowed_origins": "Allowed origins",
            "sensitive_fields": "Sensitive fields",
            "safe_fields": "Safe fields",
            "drop_ip_addresses": "Do not keep IP addresses",
        }
        help_texts = LIMIT_HELP
        widgets = {
            name: forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
            for name in ("allowed_origins", "sensitive_fields", "safe_fields")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound_numbers(self, site_numbers())

    def clean_allowed_origins(self) -> str:
        return check_origins(self.cleaned_data["allowed_origins"])


class KeyForm(forms.Form):
    """What a key is called."""

    label = forms.CharField(
        label="Label",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Worker"}),
    )


class SimpleKeyForm(forms.Form):
    """What applications of the simple interface call a project."""

    key = forms.CharField(
        label="Simple key",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "my-shop"}),
    )


class KeyLimitForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """How much may come with a key."""

    class Meta:
        model = ProjectKey
        fields = LIMIT_FIELDS
        labels = LIMIT_LABELS


class RoleForm(forms.Form):
    """What a member may do."""

    role = forms.ChoiceField(label="Role", choices=Membership.Role.choices, initial="member")


class AddMemberForm(RoleForm):
    """Whom to let in, and as what."""

    login = forms.CharField(
        label="Name or email",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    field_order = ("login", "role")
