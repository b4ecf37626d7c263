"""How long pages take on a filled site, over HTTP: issue list, issue page, event page, admin.

    DATABASE_URL=… python -m benchmarks.pages [--requests N]    (or DATA_DIR=… on SQLite)

Starts the site on a database that `manage.py fill_site` has filled, opens each page N times, each
time about another issue, and prints p50 and p95: first with caches as they are, then again. The
yardsticks, in the same run: a view that reads as many rows by their keys, and the address that
answers without a query. The administrator is the one of tests.server, made if missing.
"""

# ruff: noqa: E402 (the settings must be known before models are imported)

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import django
import httpx

from benchmarks.results import save_result
from tests.sdk.reading import Visitor
from tests.server import ADMIN_EMAIL, ADMIN_PASSWORD, start_site

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="catchall-pages-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from accounts.models import User
from errors.models import Event, Issue

SETTINGS = ("DATABASE_URL", "SECRET_KEY")
ROWS = 50


@dataclass(frozen=True, slots=True)
class Timing:
    """One page, in milliseconds: the first round and the second."""

    name: str
    first: list[float]
    again: list[float]


def main() -> None:
    """Time every page and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    count = parser.parse_args().requests
    settings = {name: os.environ[name] for name in SETTINGS if name in os.environ}
    _ensure_administrator()
    addresses = _choose_addresses(count)
    site = start_site(Path(os.environ["DATA_DIR"]), settings={"LOG_LEVEL": "WARNING", **settings})
    try:
        http = Visitor(site).http
        timings = [_time_page(http, name, list_) for name, list_ in addresses.items()]
    finally:
        site.stop()
    timings.append(_time_look_ups(count))
    save_result("pages", {"pages": [asdict(timing) for timing in timings]})
    print(_table(timings))


def _ensure_administrator() -> None:
    if not User.objects.filter(email=ADMIN_EMAIL).exists():
        User.objects.create_superuser("bench", ADMIN_EMAIL, ADMIN_PASSWORD)


def _choose_addresses(count: int) -> dict[str, Sequence[str]]:
    """Each page's addresses: issues of every size, seeded; the loudest ones among them."""
    issues = Issue.objects.present().select_related("project")
    ids = list(issues.order_by("-event_magnitude").values_list("pk", flat=True)[:1000])
    last = issues.order_by("-pk").values_list("pk", flat=True)[0]
    rng = random.Random(2026)
    chosen = [*rng.sample(ids, count // 4), *(rng.randrange(last) + 1 for _ in range(count))]
    found = list(issues.filter(pk__in=chosen[: count + count // 4]))[:count]
    rng.shuffle(found)
    pages = [f"/projects/{one.project.slug}/issues/{one.number}/" for one in found]
    events = [
        f"{page}events/{Event.objects.filter(grouping_key__issue=one)[0].event_id.hex}/"
        for page, one in zip(pages, found, strict=True)
    ]
    slugs = sorted({one.project.slug for one in found})
    sorts = ("last_seen", "events", "people", "first_seen")
    lists = [
        f"/projects/{slug}/issues/?sort={sort}&page={1 + number % 5}"
        for number in range(count)
        for slug, sort in [(slugs[number % len(slugs)], sorts[number % len(sorts)])]
    ]
    return {
        "health, no query": ["/health"] * count,
        "issue list, a project": lists,
        "issue list, all projects": [f"/issues/?page={1 + n % 20}" for n in range(count)],
        "issue list, an environment": ["/issues/?environment=staging"] * count,
        "issue list, a word": [f"/issues/?q={one.culprit.rpartition('_')[2]}" for one in found],
        "issue page": pages,
        "event page": events,
        "admin: issues": [f"/admin/errors/issue/?p={1 + n % 20}" for n in range(count)],
        "admin: events": ["/admin/errors/event/"] * count,
        "admin: first page": ["/admin/"] * count,
    }


def _time_page(http: httpx.Client, name: str, addresses: Sequence[str]) -> Timing:
    def open_one(address: str) -> None:
        http.get(address).raise_for_status()

    return _time(name, addresses, open_one)


def _time_look_ups(count: int) -> Timing:
    """As many rows as a list shows, each read by its key: what the database alone takes."""
    last = Issue.objects.order_by("-pk").values_list("pk", flat=True)[0]
    rng = random.Random(2026)

    def look_up(address: str) -> None:
        for _ in range(ROWS):
            Issue.objects.filter(pk=rng.randrange(last) + 1).first()

    return _time(f"{ROWS} issues by their key, no HTTP", [""] * count, look_up)


def _time(name: str, addresses: Sequence[str], visit: Callable[[str], None]) -> Timing:
    return Timing(name, *([_ms(visit, address) for address in addresses] for _ in range(2)))


def _ms(visit: Callable[[str], None], address: str) -> float:
    started = time.perf_counter()
    visit(address)
    return 1000 * (time.perf_counter() - started)


def _table(timings: Sequence[Timing]) -> str:
    head = "| page | p50, first | p95, first | p50 | p95 |\n| --- | --- | --- | --- | --- |"
    return "\n".join([head, *map(_line, timings)])


def _line(timing: Timing) -> str:
    cells = [_at(times, share) for times in (timing.first, timing.again) for share in (0.5, 0.95)]
    return f"| {timing.name} | " + " | ".join(f"{ms:.0f} ms" for ms in cells) + " |"


def _at(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))]


if __name__ == "__main__":
    main()
