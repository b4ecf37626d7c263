"""Keys of the whole site that come from variables of the replaced systems."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction

from common.secret_texts import hash_secret, take_secret, weakness
from projects.models import NativeArea, NativeKey

# What each variable's service was.
AREAS: dict[str, tuple[str, ...]] = {
    "API_KEY": tuple(NativeArea.values),
    "ERROR_TRACKER_API_KEY": ("errors", "browser"),
    "LOG_VIEWER_API_KEY": ("logs",),
    "METRICS_COLLECTOR_API_KEY": ("metrics",),
}


def import_keys(variables: Mapping[str, str], now: datetime) -> list[str]:
    """Take each variable's value as a key, and the one before it out of use.

    The same again changes nothing; a variable that is gone leaves its key as it is.
    Returns: lines that tell what was done, and what an operator should mend.
    """
    given = {name: text for name, text in variables.items() if text}
    if not given:
        return []
    with transaction.atomic():
        lines = [line for text in dict.fromkeys(given.values()) for line in _import(text, given)]
        return [*lines, *_retire(given, now)]


def _import(text: str, given: Mapping[str, str]) -> Iterator[str]:
    """Take one value, which several variables may share."""
    names = [name for name in given if given[name] == text]
    if weak := weakness(text):
        yield f"{names[0]} is weak, {weak}: others can guess it. Make a new key."
    areas = sorted({area for name in names for area in AREAS[name]})
    key = NativeKey.objects.filter(secret_hash=hash_secret(text)).first()
    if key is None:
        _keep(text, names[0], areas)
        yield f"Took the key of {names[0]} for clients of {', '.join(areas)}."
    elif key.project is not None:
        yield f"{names[0]} opens the project {key.project} only: it was imported for it."
    elif not key.is_active:
        yield f"{names[0]} holds a key that was revoked, and stays so."
    elif key.source and not set(areas) <= set(key.areas):
        key.areas = sorted({*key.areas, *areas})
        key.save(update_fields=["areas"])
        yield f"The key of {names[0]} opens {', '.join(key.areas)} now."


def _keep(text: str, name: str, areas: list[str]) -> None:
    secret = take_secret(text)
    NativeKey.objects.create(
        label=f"{name} of the environment",
        prefix=secret.prefix,
        secret_hash=secret.secret_hash,
        areas=areas,
        source=name,
    )


def _retire(given: Mapping[str, str], now: datetime) -> Iterator[str]:
    """Revoke what these variables held before: whoever puts in another key has a reason."""
    hashes = [hash_secret(text) for text in given.values()]
    former = NativeKey.objects.filter(source__in=given, project=None, revoked_at=None)
    for key in former.exclude(secret_hash__in=hashes):
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        yield f"Revoked the key that {key.source} held before."
