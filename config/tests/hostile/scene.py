"""A project full of hostile words, the people around it, and a stranger who wants in."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.validators import RegexValidator
from django.db import models
from django.test import Client

from accounts.models import ApiToken, User
from config.tests.hostile.addresses import Address
from config.tests.hostile.probe import PROBE
from errors.models import Attachment, Event, GroupingKey, Issue
from projects.models import Membership, NativeKey, Project
from projects.outcome_count import OutcomeCount

OURS = ("accounts", "projects", "errors", "ingest")
PASSWORD = "correct horse battery"
# Texts of a form that our own code makes: nobody outside writes them.
_MADE_HERE = {
    "slug",
    "short_prefix",
    "public_key",
    "hash",
    "password",
    "theme",
    "time_zone",
    "allowed_origins",
    "platform",
    "fingerprint",
    "image_type",
    "sensitive_fields",
    "safe_fields",
}
# They say that somebody was there, whatever came of it.
_VOLATILE = {"last_login", "last_used_at"}
# Counts of what was refused, too.
_NOTED = {OutcomeCount}


@dataclass
class Scene:
    """`project` is the victims'; `own` is the stranger's, who is staff too."""

    project: Project
    own: Project
    owner: User
    stranger: User
    superuser: User
    issue: Issue
    event: Event
    # What programs send to say who they are, the stranger's and, with "all rights", the site's.
    secrets: dict[str, dict[str, str]]
    more: dict[str, Any] = field(default_factory=dict)

    def client(self, who: str, **options: Any) -> Client:
        """A browser of "owner", "stranger" or "superuser", a program of `secrets`, or "nobody".

        "all rights" and "all of the stranger's" are browser and programs in one.
        """
        client = Client(headers=self.secrets.get(who), **options)
        people = {"all rights": self.superuser, "all of the stranger's": self.stranger}
        person = getattr(self, who, None) or people.get(who)
        if person:
            client.force_login(person)
        return client

    def value_of(self, name: str, address: Address) -> object:
        """What stands for this parameter of an address: the victims' object, never another."""
        if address.is_admin and name.endswith(("id", "pk")) and name != "content_type_id":
            return self._admin_id(address)
        # test_every_address.py says which one is missing; the other tests go on with it.
        if name == "key_id" and "/api-keys/" in address.template:
            return self._first(NativeKey)
        return self.values().get(name, "nothing")

    def values(self) -> dict[str, object]:
        key = self.project.keys.all()[0]
        return {
            "slug": self.project.slug,
            "number": self.issue.number,
            "event": self.event.event_id.hex,
            "key_id": key.pk,
            "membership_id": self._first(Membership),
            "token_id": self._first(ApiToken),
            "pk": self._first(Attachment),
            "user_id": self.owner.pk,
            "issue": self.issue.pk,
            "project_id": self.project.pk,
            "project": self.project.pk,
            "event_id": self.event.event_id.hex,
            # The stranger's own: whoever has the victims' may send to them.
            "path_key": self.own.keys.all()[0].public_key,
            "monitor": "nightly",
            "signal": "logs",
            "uidb36": "1",
            "key": "set-password",
            "app_label": "errors",
            "content_type_id": 1,
            "url": "nowhere",
            **self.more,
        }

    def _first(self, model: type[models.Model]) -> object:
        return self.rows_of(model).values_list("pk", flat=True).first() or 1

    def _admin_id(self, address: Address) -> object:
        """The first of the victims' rows of the model whose page it is."""
        if address.name == "admin:auth_user_password_change":
            return self.owner.pk
        for model in admin.site._registry:
            place = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
            if address.name.startswith(place):
                return self._first(model)
        return 1

    def rows_of(self, model: type[models.Model]) -> "models.QuerySet[Any]":
        """The rows that belong to the victims, or to nobody."""
        rows = model._default_manager.all()
        names = {each.name for each in model._meta.get_fields()}
        if issubclass(model, Project):
            return rows.filter(pk=self.project.pk)
        if issubclass(model, User):
            return rows.filter(pk=self.owner.pk)
        if "project" in names or "project_id" in names:
            return rows.filter(project_id=self.project.pk)
        if "grouping_key_id" in names:
            keys = GroupingKey.objects.filter(project=self.project)
            return rows.filter(grouping_key_id__in=keys.values("pk"))
        if "event_id" in names:
            return rows.filter(event_id__in=Event.objects.filter(project=self.project).values("pk"))
        return rows.filter(user_id=self.owner.pk) if "user" in names else rows


def own_models() -> list[type[models.Model]]:
    """Every model of ours that has a table."""
    found = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return [model for model in found if not model._meta.proxy]


def poison() -> None:
    """Put the probe into every text that somebody can write, past all forms."""
    for model in own_models():
        for each in written_texts(model):
            length = each.max_length or len(PROBE)
            model._default_manager.update(**{each.name: PROBE[:length]})
    LogEntry.objects.update(object_repr=PROBE, change_message=PROBE)


def written_texts(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The model's columns that hold words of somebody outside."""
    texts = (models.CharField, models.TextField)
    return [
        one for one in model._meta.concrete_fields if isinstance(one, texts) and _is_written(one)
    ]


def _is_written(each: "models.Field[Any, Any]") -> bool:
    is_made = each.name in _MADE_HERE or each.unique or each.primary_key or each.choices
    is_checked = any(isinstance(one, RegexValidator) for one in each.validators)
    in_key = any(
        each.name in constraint.fields
        for constraint in each.model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    )
    in_composite = each.name in getattr(each.model._meta.pk, "field_names", ())
    return not (is_made or is_checked or in_key or in_composite)


Snapshot = dict[type[models.Model], set[tuple[Any, ...]]]


def snapshot(scene: Scene) -> Snapshot:
    """Every row of the victims as it is, to see that nothing of it changed."""
    return {model: _rows(scene, model) for model in own_models() if model not in _NOTED}


def harmed(scene: Scene, before: Snapshot) -> set[str]:
    """The names of models whose rows of the victims are no longer what they were.

    Rows that know no project or person may have got company: the stranger's own.
    """
    after = snapshot(scene)
    found = set()
    for model, rows in before.items():
        is_shared = scene.rows_of(model).query.where.children == []
        if not rows <= after[model] or (not is_shared and rows != after[model]):
            found.add(model.__name__)
    return found


def _rows(scene: Scene, model: type[models.Model]) -> set[tuple[Any, ...]]:
    fields = [each.attname for each in model._meta.concrete_fields if each.name not in _VOLATILE]
    rows = scene.rows_of(model).values_list(*fields)
    return {tuple(_hashable(value) for value in row) for row in rows}


def _hashable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else repr(value)
