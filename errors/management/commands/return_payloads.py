"""`manage.py return_payloads`: everything back from object storage into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from errors.models import PayloadPack
from errors.storage.moving import return_payloads
from errors.storage.packs import PayloadsAwayError


class Command(BaseCommand):
    """Safe to stop and to repeat. Set PAYLOAD_STORAGE_AFTER_HOURS high first, or it moves again."""

    help = "Bring all payloads back from PAYLOAD_STORAGE into the database."

    def handle(self, *args: Any, **options: Any) -> None:
        packs = PayloadPack.objects.order_by("pk")
        count = 0
        try:
            for pack in tqdm(packs.iterator(), total=packs.count(), unit=" packs", disable=None):
                count += return_payloads(pack)
        except PayloadsAwayError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Brought {count:,} payloads back.")
