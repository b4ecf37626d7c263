"""Projects that applications name themselves: found, or made."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from accounts.services import first_administrator
from common.recent import RecentAnswers
from common.text import clean_text, one_line, trim
from projects.models import Project, ProjectKey, SimpleKey
from projects.services import create_project

NAME_LENGTH = 100
KEY_LENGTH = 200
# Whoever is told of a key learns of a change within so many seconds.
TTL_S = 5.0
MAX_REMEMBERED = 10_000
# Any number that no other advisory lock of the site has.
_LOCK_CLASS = 0x6E61_6D65


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a simple event goes: project_id is None for a key that nobody knows.

    key_id: the primary key of the ProjectKey that it was, 0 for a simple key.
    is_refused: the key was revoked or its project deleted, and is not given out again.
    """

    project_id: int | None = None
    key_id: int = 0
    is_refused: bool = False


def find_or_make_project(name: str) -> int:
    """The id of the oldest project of this name, whatever its capitals; else one is made."""
    name = _clean_name(name)
    return _find_project(name) or _make_project(name)


def find_sender(key: str) -> Sender:
    """Whose a simple event's project_key is: a DSN's public key, or any text that was given out."""
    if len(key) > KEY_LENGTH:
        return Sender(is_refused=True)
    return _senders.find(clean_text(key))


def make_sender(key: str) -> Sender:
    """The same for a key that nobody knows: its project is made, as far as the settings let it."""
    key = clean_text(key)
    if not settings.AUTO_CREATE_PROJECTS or not key.strip() or not _has_room():
        return Sender()
    with transaction.atomic():
        _be_alone("simple keys")
        # Somebody may have made it while this one waited.
        sender = _load_sender(key)
        if sender == Sender() and _has_room():
            project = _create(_clean_name(key))
            SimpleKey.objects.create(project=project, key=key, is_automatic=True)
            sender = Sender(project.pk)
    forget_senders()
    return sender


def forget_senders() -> None:
    """Ask the database anew."""
    _senders.clear()


def _clean_name(name: str) -> str:
    return trim(one_line(clean_text(name)), NAME_LENGTH) or "project"


def _find_project(name: str) -> int | None:
    projects = Project.objects.active().named(name).order_by("pk")
    return projects.values_list("pk", flat=True).first()


def _make_project(name: str) -> int:
    with transaction.atomic():
        _be_alone(name.lower())
        return _find_project(name) or _create(name).pk


def _create(name: str) -> Project:
    return create_project(name=name, platform="other", owner=first_administrator())


def _be_alone(name: str) -> None:
    """Until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, number])


def _has_room() -> bool:
    made = SimpleKey.objects.filter(is_automatic=True, project__deleted_at=None)
    return made.count() < settings.MAX_AUTO_PROJECTS


def _load_sender(key: str) -> Sender:
    for model, name in ((ProjectKey, "public_key"), (SimpleKey, "key")):
        rows = model._default_manager.filter(**{name: key})
        row = rows.values_list("pk", "project", "revoked_at", "project__deleted_at").first()
        if row is None:
            continue
        key_id, project_id, revoked_at, deleted_at = row
        if revoked_at or deleted_at:
            return Sender(is_refused=True)
        return Sender(project_id, key_id if model is ProjectKey else 0)
    return Sender()


_senders: RecentAnswers[str, Sender] = RecentAnswers(
    _load_sender, ttl_s=TTL_S, max_entries=MAX_REMEMBERED
)
