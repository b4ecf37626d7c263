"""The planned events with their payloads, hour by hour in the order of time."""

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from common.data_categories import ERROR
from common.row_ids import LOW_BITS, row_id_at
from config.fill.places import Place
from config.fill.plan import spread
from config.fill.samples import PARTS, SAMPLES, VERSIONS
from config.fill.scene import Scene
from errors.models import Event, EventPayload, HourlyCount, ItemCount, SeenEvent
from errors.models.fields import database_event_id
from errors.partitions import ensure_partitions
from errors.rows import database_moment, insert_rows
from projects.statistics import Counted, Outcome, add_outcomes

HOUR_MS = 3_600_000
# The upper half of a millisecond's ids: inboxes count from the lowest.
LOW_IDS = 1 << (LOW_BITS - 1)
# People of a project for each of its events, the share of events that name nobody, and an odd
# number that spreads people over 64 bits.
PEOPLE_SHARE = 0.05
NOBODY_SHARE = 0.2
SPREAD = 0x9E3779B97F4A7C15
EVENT_COLUMNS = [str(field.column) for field in Event._meta.local_concrete_fields]


class Ledger:
    """By the key's number: its first and last event (unix milliseconds), and samples used.

    releases: when each was first met, by id.
    """

    def __init__(self, keys: int) -> None:
        self.releases: dict[int, int] = {}
        self.first_ms = array("Q", bytes(8 * keys))
        self.last_ms = array("Q", bytes(8 * keys))
        self.first_sample = array("B", bytes(keys))
        self.last_sample = array("B", bytes(keys))
        self._used = array("I", bytes(4 * keys * SAMPLES))

    def note(self, number: int, sample: int, ms: int) -> None:
        """Events come in the order of time."""
        if not self.first_ms[number]:
            self.first_ms[number] = ms
            self.first_sample[number] = sample
        self.last_ms[number] = ms
        self.last_sample[number] = sample
        self._used[number * SAMPLES + sample] += 1

    def used(self, number: int) -> Sequence[int]:
        """How many events repeat each sample."""
        return self._used[number * SAMPLES : (number + 1) * SAMPLES]


def write_events(scene: Scene, on_progress: Callable[[int], object]) -> Ledger:
    """Write each event and what is counted by the hour; an hour is a transaction."""
    ledger = Ledger(len(scene.keys))
    for offset, numbers in enumerate(spread(scene.keys, scene.hours, scene.rng)):
        scene.rng.shuffle(numbers)
        ensure_partitions([row_id_at((scene.first_hour + offset) * HOUR_MS)])
        with transaction.atomic():
            _write_hour(scene, ledger, offset, numbers)
        on_progress(len(numbers))
    return ledger


def _write_hour(scene: Scene, ledger: Ledger, offset: int, numbers: Sequence[int]) -> None:
    events, payloads, seen = [], [], []
    hourly: Counter[tuple[int, int]] = Counter()
    items: Counter[int] = Counter()
    part = offset * PARTS // scene.hours * VERSIONS
    people = _count_people(scene)
    start_ms = (scene.first_hour + offset) * HOUR_MS
    for position, number in enumerate(numbers):
        place, family = scene.place_of(number)
        sample = part + scene.rng.randrange(VERSIONS)
        ms = start_ms + position * HOUR_MS // len(numbers)
        # Another fill of the same hours has other ids.
        row_id = row_id_at(ms) + LOW_IDS + (position + scene.last_key_id) % LOW_IDS
        event_id = database_event_id(f"{scene.rng.getrandbits(128):032x}")
        key_id, project_id = scene.key_id(number), place.project.pk
        level, release_id, environment_id = place.samples[family][sample]
        person = _choose_person(scene, project_id, people)
        at = database_moment(ms / 1000)
        face = (at, level, release_id, environment_id, person)
        events.append((row_id, project_id, key_id, event_id, *face))
        payloads.append((row_id, *_payload(scene, number, place, family, sample)))
        seen.append((row_id, project_id, event_id))
        hourly[(key_id, environment_id)] += 1
        items[project_id] += 1
        ledger.note(number, sample, ms)
        if release_id is not None:
            ledger.releases.setdefault(release_id, ms)
    insert_rows(Event, EVENT_COLUMNS, events)
    insert_rows(EventPayload, ("event_id", "dictionary_id", "content"), payloads)
    insert_rows(SeenEvent, ("row_id", "project_id", "event_id"), seen)
    _write_counts(scene.first_hour + offset, hourly, items)


def _count_people(scene: Scene) -> int:
    """How many people a project has."""
    events = sum(key.events for key in scene.keys)
    return max(10, int(events * PEOPLE_SHARE / len(scene.places)))


def _choose_person(scene: Scene, project_id: int, people: int) -> int | None:
    """A signed 64-bit hash; a few people meet much."""
    dice = scene.rng.random()
    if dice < NOBODY_SHARE:
        return None
    person = project_id << 32 | int(people * scene.rng.random() ** 3)
    return int((person * SPREAD) % (1 << 64)) - (1 << 63)


def _payload(
    scene: Scene, number: int, place: Place, family: int, sample: int
) -> tuple[int, bytes]:
    """The id of the dictionary, and the bytes."""
    own = scene.dictionary_id(number)
    if own is None:
        return place.dictionary_id, place.families[family].by_platform[sample]
    return own, place.families[family].by_group[sample]


def _write_counts(hour: int, hourly: Counter[tuple[int, int]], items: Counter[int]) -> None:
    rows: list[tuple[Any, ...]] = [
        (key_id, hour, environment_id, count)
        for (key_id, environment_id), count in sorted(hourly.items())
    ]
    insert_rows(HourlyCount, ("grouping_key_id", "hour", "environment_id", "count"), rows)
    rows = [(project_id, "event", hour, count) for project_id, count in sorted(items.items())]
    insert_rows(ItemCount, ("project_id", "type", "hour", "count"), rows)
    add_outcomes(
        {
            Counted(project_id, hour, Outcome.ACCEPTED, ERROR, ""): count
            for project_id, count in items.items()
        }
    )
