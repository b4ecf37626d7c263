"""Numbers and times as people say them. Pure: the moment of reading is an argument."""

from datetime import datetime, timedelta

_STEPS = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))
_WEEK_S = 7 * 24 * 3600


def shorten_number(number: int) -> str:
    """Write a count in at most five characters: 987, 1.2k, 12.4k, 124k, 3.1M."""
    for size, letter in _STEPS:
        if number >= size:
            return _three_digits(number / size) + letter
    return str(number)


def _three_digits(value: float) -> str:
    # Rounded down: 999.9k must not read as a million, nor 1,249 as more than it is.
    text = f"{int(value * 10) / 10:.1f}" if value < 100 else str(int(value))
    return text.removesuffix(".0")


def describe_age(moment: datetime, now: datetime) -> str:
    """Say how long ago: "now", "42 s", "2 min", "3 h", "6 days", then "3 Nov", "3 Nov 2025".

    Both moments are aware; the date is the one in `now`'s zone.
    """
    seconds = int((now - moment).total_seconds())
    if seconds < -60 or seconds >= _WEEK_S:
        return _day(moment.astimezone(now.tzinfo), now)
    if seconds < 10:
        return "now"
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86400:
        return f"{seconds // 3600} h"
    days = seconds // 86400
    return "1 day" if days == 1 else f"{days} days"


def describe_moment(moment: datetime, now: datetime) -> str:
    """Say when, in running text: "just now", "2 min ago", "3 Nov"."""
    age = describe_age(moment, now)
    if age == "now":
        return "just now"
    is_recent = now - moment < timedelta(seconds=_WEEK_S) and moment <= now
    return f"{age} ago" if is_recent else age


def _day(moment: datetime, now: datetime) -> str:
    day = f"{moment.day} {moment:%b}"
    return day if moment.year == now.year else f"{day} {moment.year}"


def describe_size(size_bytes: int) -> str:
    """Write a size: 812 B, 1.4 KB, 3.2 MB; a KB is 1,024 bytes."""
    value = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{_three_digits(value)} {unit}"
        value /= 1024
    return f"{_three_digits(value)} GB"
