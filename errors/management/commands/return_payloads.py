"""`manage.py return_payloads`: everything back from object storage into the database."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from errors.models import AttachmentObject, PayloadPack
from errors.storage.attachments import return_attachment
from errors.storage.moving import return_payloads
from errors.storage.packs import PayloadsAwayError


class Command(BaseCommand):
    """Safe to stop and to repeat. Set PAYLOAD_STORAGE_AFTER_HOURS high first, or it moves again."""

    help = "Bring all payloads and files back from PAYLOAD_STORAGE into the database."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            payloads = self._return(PayloadPack.objects.order_by("pk"), return_payloads)
            files = self._return(AttachmentObject.objects.order_by("pk"), return_attachment)
        except PayloadsAwayError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Brought {payloads:,} payloads and {files:,} files back.")

    def _return(self, objects: QuerySet[Any], give_back: Callable[[Any], int]) -> int:
        bar = tqdm(objects.iterator(), total=objects.count(), unit=" objects", disable=None)
        return sum(give_back(each) for each in bar)
