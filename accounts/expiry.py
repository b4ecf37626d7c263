"""How long a secret is good for, as people choose it."""

from datetime import datetime, timedelta

from django import forms

NEVER = "never"
_CHOICES = [("30", "30 days"), ("90", "90 days"), ("365", "A year"), (NEVER, "Never")]


def expiry_field(initial: str) -> forms.ChoiceField:
    """A select of days, or NEVER."""
    return forms.ChoiceField(label="Runs out after", choices=_CHOICES, initial=initial)


def expiry_of(days: str, now: datetime) -> datetime | None:
    """The moment that a choice means; None for never."""
    return None if days == NEVER else now + timedelta(days=int(days))
