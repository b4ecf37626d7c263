"""When what happened: the clockwork of the week.

Deterministic: the same moment and seed give the same events, byte for byte.
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from config.demo.browser_events import make_browser_event
from config.demo.people import Customer, choose_customer, make_customers, make_facts
from config.demo.python_events import make_python_event
from config.demo.services import SERVICES, Service
from config.demo.story import SHOP_HOUR_NOW, Story, Wave
from config.demo.visit import Visit

SEED = 2026
STAGING_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class Moment:
    """One event to come: whose, of which story, when (unix seconds), and its number there."""

    at: float
    service: Service
    story: Story
    number: int


@dataclass(frozen=True, slots=True)
class Deed:
    """What the administrator did with a story's issue, and when (unix seconds)."""

    at: float
    service: Service
    story: Story
    kind: str


def plan_moments(now: float, seed: int = SEED) -> list[Moment]:
    """Every event of the week that ends at `now`, in the order of time."""
    moments = [
        Moment(now - 3600 * hours_ago, service, story, number)
        for service in SERVICES
        for story in service.stories
        for number, hours_ago in enumerate(_plan_story(story, seed))
    ]
    return sorted(moments, key=lambda moment: moment.at)


def plan_deeds(now: float) -> list[Deed]:
    """What the administrator did in the week that ends at `now`, in the order of time."""
    deeds = [
        Deed(now - 3600 * hours_ago, service, story, kind)
        for service in SERVICES
        for story in service.stories
        for kind, hours_ago in (("resolve", story.resolved_h), ("archive", story.archived_h))
        if hours_ago is not None
    ]
    return sorted(deeds, key=lambda deed: deed.at)


def make_event(moment: Moment, now: float, seed: int = SEED) -> dict[str, Any]:
    """What the service's SDK would have sent at that moment."""
    rng = random.Random(f"{seed} {moment.story.name} {moment.number}")  # noqa: S311 (a story)
    visit = _make_visit(moment, now, rng, seed)
    make = make_python_event if moment.service.code else make_browser_event
    return make(visit, rng)


def _make_visit(moment: Moment, now: float, rng: random.Random, seed: int) -> Visit:
    service, story = moment.service, moment.story
    usual = "staging" if rng.random() < STAGING_SHARE else "production"
    environment = story.environment or usual
    customer = choose_customer(_customers(seed), rng)
    return Visit(
        service=service,
        story=story,
        at=moment.at,
        customer=customer,
        facts=make_facts(rng, customer, moment.at),
        environment=environment,
        release=service.release_at(
            (now - moment.at) / 3600,
            staging=environment == "staging",
            is_stale=story.is_stale,
        ),
    )


@cache
def _customers(seed: int) -> list[Customer]:
    return make_customers(random.Random(f"{seed} customers"))  # noqa: S311 (a story)


def _plan_story(story: Story, seed: int) -> Iterator[float]:
    """The hours ago of each of a story's events, in no order."""
    rng = random.Random(f"{seed} {story.name}")  # noqa: S311 (a story)
    for wave in story.waves:
        for _ in range(wave.events):
            yield _SHAPES[wave.shape](wave, rng)


def _spread_evenly(wave: Wave, rng: random.Random) -> float:
    return rng.uniform(wave.until_h, wave.since_h)


def _follow_customers(wave: Wave, rng: random.Random) -> float:
    while True:
        hours_ago = _spread_evenly(wave, rng)
        if rng.random() < _custom_at((SHOP_HOUR_NOW - hours_ago) % 24):
            return hours_ago


def _custom_at(hour: float) -> float:
    """How busy the shop is, from 0 to 1: asleep at four, busy at noon and busiest at eight."""
    day = max(0.0, math.sin((hour - 6.5) / 17 * math.pi))
    evening = math.exp(-(((hour - 20) / 1.8) ** 2))
    return 0.05 + 0.55 * day + 0.4 * evening


def _die_away(wave: Wave, rng: random.Random) -> float:
    """The first comes at once; whatever would lie beyond the end happens evenly before it."""
    hours_ago = wave.since_h - rng.expovariate(math.log(2) / wave.half_life_h)
    return hours_ago if hours_ago > wave.until_h else _spread_evenly(wave, rng)


_SHAPES: dict[str, Callable[[Wave, random.Random], float]] = {
    "rhythm": _follow_customers,
    "flat": _spread_evenly,
    "decay": _die_away,
}
