"""The errors app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_save

from errors.partitions import ensure_partitions


class ErrorsConfig(AppConfig):
    name = "errors"
    verbose_name = "Issues"

    def ready(self) -> None:
        """See that rows saved one by one find the partition of their day, those of loaddata too.

        A signal, as loaddata calls no method of a model. The digest saves no event so.
        """
        for model in ("Event", "EventPayload"):
            pre_save.connect(_make_day, sender=self.get_model(model))


def _make_day(*, instance: Any, **_: object) -> None:
    ensure_partitions([instance.pk])
