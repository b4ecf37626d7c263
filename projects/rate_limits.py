"""A rate limit as people set it, for a whole project or for one of its keys."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from common.sliding_window import Limit

LIMIT_FIELDS = ("rate_limit", "rate_limit_window_s")
DEFAULT_WINDOW_S = 60
MAX_WINDOW_S = 24 * 3600


class RateLimited(models.Model):
    """What may send only so much of each kind of data: errors, transactions, sessions, …"""

    rate_limit = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)],
        help_text="At most so many of each kind of data; empty: no limit.",
    )
    rate_limit_window_s = models.PositiveIntegerField(
        "rate limit's seconds",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW_S)],
        help_text="In any so many seconds; empty: 60, a minute.",
    )

    class Meta:
        abstract = True

    @property
    def limit(self) -> Limit | None:
        """None: no limit."""
        return limit_of(self.rate_limit, self.rate_limit_window_s)

    @property
    def limit_text(self) -> str:
        """The limit in words."""
        return describe_limit(self.limit)


def describe_limit(limit: Limit | None) -> str:
    """The limit in words: "at most 100 of each kind in 60 s"."""
    if limit is None:
        return "no rate limit"
    return f"at most {limit.count:,} of each kind in {limit.window_s:,} s"


def limit_of(count: int | None, window_s: int | None) -> Limit | None:
    """The two columns as one; None without a count."""
    return Limit(count, window_s or DEFAULT_WINDOW_S) if count else None
