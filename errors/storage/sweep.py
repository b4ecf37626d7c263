"""Remove packs that no event needs, and empty those that few need."""

import time
from datetime import datetime, timedelta

from django.db import transaction

from errors.models import Event, MovedPayload, PayloadPack
from errors.rows import delete_by_id
from errors.storage.moving import moved_in, return_payloads
from errors.storage.packs import remove_pack
from projects.models import Project

# Longer than a pack is under way between its row and its payloads.
UNDER_WAY = timedelta(hours=1)
# Looked at in one query.
STEP = 200
AGAIN_AFTER = timedelta(hours=6)


def sweep_packs(*, now: datetime, budget_s: float) -> int:
    """Look at the packs that were looked at longest ago; return how many were removed.

    However events went (age, budgets, a person, a dropped partition), this finds out. A pack of
    which less than half is needed is emptied: its payloads move again, into a new one.
    Raises: PayloadsAwayError.
    """
    deadline = time.monotonic() + budget_s
    removed = 0
    while time.monotonic() < deadline and (packs := _next_packs(now)):
        projects = set(Project.objects.values_list("pk", flat=True))
        for pack in packs:
            removed += _sweep(pack, is_orphan=pack.project_id not in projects)
        PayloadPack.objects.filter(pk__in=[pack.pk for pack in packs]).update(swept_at=now)
    return removed


def _next_packs(now: datetime) -> list[PayloadPack]:
    settled = PayloadPack.objects.filter(created_at__lt=now - UNDER_WAY)
    due = settled.filter(swept_at__lt=now - AGAIN_AFTER)
    return list(due.order_by("swept_at")[:STEP])


def _sweep(pack: PayloadPack, *, is_orphan: bool) -> bool:
    moved = set(moved_in(pack).values_list("pk", flat=True))
    needed = set() if is_orphan else _kept_events(moved)
    if 0 < len(needed) < pack.payload_count / 2:
        return_payloads(pack)
        needed = set()
    with transaction.atomic():
        delete_by_id(MovedPayload, sorted(moved - needed))
    if not needed:
        _remove(pack)
    return not needed


def _kept_events(ids: set[int]) -> set[int]:
    return set(Event.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _remove(pack: PayloadPack) -> None:
    """The object first: its row is what remembers it."""
    remove_pack(pack.name)
    pack.delete()
