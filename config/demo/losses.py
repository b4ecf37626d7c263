"""What did not become an event that week: sampled out, limited, unreadable, sent again."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import product

from common.data_categories import DEFAULT, ERROR
from projects.models import ProjectKey
from projects.statistics import Counted, Outcome, add_outcomes, hour_at

SEED = 2026
HOURS = 7 * 24
# Outcome, category, reason: how many an hour on the average.
EVERY_HOUR = {
    (Outcome.CLIENT_DISCARD, "transaction", "sample_rate"): 14.0,
    (Outcome.CLIENT_DISCARD, ERROR, "before_send"): 0.4,
    (Outcome.CLIENT_DISCARD, ERROR, "network_error"): 0.1,
    (Outcome.FILTERED, ERROR, "duplicate"): 0.2,
    (Outcome.INVALID, DEFAULT, "malformed"): 0.05,
}
# So many hours ago came a flood: what the limit kept out, and what clients then held back.
FLOOD_AGE_H = 52
FLOOD = {
    (Outcome.LIMITED, ERROR, "project"): 86,
    (Outcome.CLIENT_DISCARD, ERROR, "ratelimit_backoff"): 231,
}


def seed_losses(keys: Mapping[str, ProjectKey], now: datetime) -> None:
    """Count it for every service, and a flood for the first of them."""
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    present = hour_at(now.timestamp())
    counts: Counter[Counted] = Counter()
    for key, age_h in product(keys.values(), range(HOURS)):
        for (outcome, category, reason), mean in EVERY_HOUR.items():
            name = Counted(key.project_id, present - age_h, outcome, category, reason)
            counts[name] = int(chance.expovariate(1 / mean))
    first = next(iter(keys.values()))
    for (outcome, category, reason), number in FLOOD.items():
        name = Counted(first.project_id, present - FLOOD_AGE_H, outcome, category, reason)
        counts[name] += number
    add_outcomes(counts)
