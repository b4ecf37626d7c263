"""What is to be filled in: where, how much, when, under which ids."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Model

from config.fill.places import Place
from config.fill.plan import KeyPlan
from errors.models import GroupingKey, Issue, PayloadDictionary
from errors.services.learning import GROUP_STAGES


@dataclass(frozen=True, slots=True)
class Scene:
    """The plan, and the last ids in use before it: what is made gets the next ones in order."""

    keys: Sequence[KeyPlan]
    places: Sequence[Place]
    first_hour: int
    hours: int
    now: datetime
    rng: random.Random
    last_issue_id: int
    last_key_id: int
    last_dictionary_id: int

    def place_of(self, number: int) -> tuple[Place, int]:
        """The project of a key, by the number of its issue, and which family it repeats."""
        turn, place = divmod(self.keys[number].issue, len(self.places))
        return self.places[place], turn % len(self.places[place].families)

    def key_id(self, number: int) -> int:
        """The id of the GroupingKey with this number in the plan."""
        return self.last_key_id + 1 + number

    def issue_id(self, number: int) -> int:
        """The id of the issue that this key leads to."""
        return self.last_issue_id + 1 + self.keys[number].issue

    def dictionary_id(self, number: int) -> int | None:
        """The id of the key's own dictionary; None where its events are too few for one."""
        has_own = self.keys[number].events >= GROUP_STAGES[0]
        return self.last_dictionary_id + 1 + number if has_own else None


def set_scene(
    keys: Sequence[KeyPlan],
    places: Sequence[Place],
    *,
    first_hour: int,
    hours: int,
    now: datetime,
    rng: random.Random,
) -> Scene:
    """Take ids in advance; nothing else may make issues until the fill is done."""
    last = (_last_id(Issue), _last_id(GroupingKey), _last_id(PayloadDictionary))
    return Scene(keys, places, first_hour, hours, now, rng, *last)


def _last_id(model: type[Model]) -> int:
    found: int | None = model._default_manager.aggregate(last=Max("pk"))["last"]
    return found or 0
