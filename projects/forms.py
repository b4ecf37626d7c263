"""Forms of projects, their keys and members."""

from typing import Any

from django import forms
from django.conf import settings

from projects.models import Membership, Project
from projects.origins import check_origins


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
            "retention_days",
            "max_events_per_issue",
            "allowed_origins",
            "sensitive_fields",
            "safe_fields",
            "drop_ip_addresses",
        )
        labels = {
            "retention_days": "Days that events are kept",
            "max_events_per_issue": "Events kept for an issue",
            "allowed_origins": "Allowed origins",
            "sensitive_fields": "Sensitive fields",
            "safe_fields": "Safe fields",
            "drop_ip_addresses": "Do not keep IP addresses",
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
            for name in ("allowed_origins", "sensitive_fields", "safe_fields")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit("retention_days", settings.RETENTION_EVENT_DAYS, 1, 3650)
        self._limit("max_events_per_issue", settings.MAX_EVENTS_PER_ISSUE, 10, 1_000_000)

    def _limit(self, name: str, site_value: int, lowest: int, highest: int) -> None:
        label = self.fields[name].label
        self.fields[name] = forms.IntegerField(
            label=label,
            required=False,
            min_value=lowest,
            max_value=highest,
            help_text=f"Empty: {site_value:,}, as everywhere on this site.",
        )

    def clean_allowed_origins(self) -> str:
        return check_origins(self.cleaned_data["allowed_origins"])


class KeyForm(forms.Form):
    """What a key is called."""

    label = forms.CharField(
        label="Label",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Worker"}),
    )


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
