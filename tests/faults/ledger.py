"""What was accepted against what is stored: each event once, in its issue, in every count."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass

from tests.faults.load import Load
from tests.production import Stack
from tests.server import Site, wait_until

DRAIN_TIMEOUT_S = 180
Row = tuple[object, ...]
Query = Callable[[str], list[Row]]


@dataclass(frozen=True, slots=True)
class Books:
    """What a site holds of one project."""

    events: list[tuple[str, str]]
    issue_counts: Mapping[str, int]
    people: Mapping[str, int]
    key_total: int
    hourly_total: int
    tag_total: int
    item_total: int
    quarantined: int


def query_of(site: Site) -> Query:
    """How to ask the site's database, whichever it is."""
    if isinstance(site, Stack):
        return site.postgres.query

    def ask_file(sql: str) -> list[Row]:
        path = f"file:{site.data_dir}/catchall.sqlite3?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as database:
            return database.execute(sql).fetchall()

    return ask_file


def read_books(query: Query, project: int) -> Books:
    """Everything that is kept and counted of the project's events."""
    rows = query(
        "SELECT e.event_id, i.title FROM errors_event e"
        " JOIN errors_groupingkey k ON k.id = e.grouping_key_id"
        f" JOIN errors_issue i ON i.id = k.issue_id WHERE e.project_id = {project}"
    )
    issues = query(
        f"SELECT title, event_count, user_count FROM errors_issue WHERE project_id = {project}"
    )
    of_key = f"WHERE grouping_key_id IN (SELECT id FROM errors_groupingkey {_of(project)})"
    return Books(
        events=[(_hex(event_id), str(title)) for event_id, title in rows],
        issue_counts={_kind(title): int(str(count)) for title, count, _ in issues},
        people={_kind(title): int(str(people)) for title, _, people in issues},
        key_total=_sum(query, "errors_groupingkey", "event_count", _of(project)),
        hourly_total=_sum(query, "errors_hourlycount", "count", of_key),
        tag_total=_sum(query, "errors_tagcount", "count", f"{of_key} AND key = 'part'"),
        item_total=_sum(query, "errors_itemcount", "count", f"{_of(project)} AND type = 'event'"),
        quarantined=_sum(query, "ingest_quarantinedmessage", "1", _of(project)),
    )


def wait_until_drained(site: Site) -> None:
    """Wait until nothing waits in the site's inbox, as its own command tells."""

    def is_drained() -> bool:
        return '"inbox_depth": 0' in site.run_command("status", "--json")

    wait_until(is_drained, "the inbox to be drained", timeout_s=DRAIN_TIMEOUT_S, pause_s=0.5)


def count_tried_elsewhere(stack: Stack) -> int:
    """Messages that were ever put into PostgreSQL's inbox."""
    query = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'ingest_inbox'"
    ((number,),) = stack.postgres.query(query)
    return int(str(number))


@dataclass(frozen=True, slots=True)
class Account:
    """How a load came out: what is missing or wrong stands in `mistakes`, in words."""

    sent: int
    accepted: int
    refused: int
    stored: int
    lost: int
    doubled: int
    mistakes: list[str]


def settle_account(load: Load, books: Books) -> Account:
    """Compare what clients were told with what the site holds. Pure."""
    stored = Counter(event_id for event_id, _ in books.events)
    lost = load.accepted - stored.keys()
    doubled = sum(stored.values()) - len(stored)
    mistakes = [
        *([f"{len(lost)} lost"] if lost else []),
        *([f"{doubled} stored twice"] if doubled else []),
        *([f"{load.rude} times 503 without Retry-After"] if load.rude else []),
        *_strangers(load, stored),
        *_misplaced(load, books),
        *_miscounted(load, books, len(stored)),
    ]
    return Account(
        len(load.numbers),
        len(load.accepted),
        len(load.refused),
        len(stored),
        len(lost),
        doubled,
        mistakes,
    )


def _strangers(load: Load, stored: Iterable[str]) -> list[str]:
    strangers = set(stored) - load.numbers.keys()
    return [f"{len(strangers)} stored that nobody sent"] if strangers else []


def _misplaced(load: Load, books: Books) -> list[str]:
    wrong = [
        event_id
        for event_id, title in books.events
        if event_id in load.numbers and _kind(title) != load.expected_title(event_id)
    ]
    return [f"{len(wrong)} in the wrong issue"] if wrong else []


def _miscounted(load: Load, books: Books, stored: int) -> list[str]:
    """Counts that differ from the events that are stored (none is removed during a test)."""
    expected: Counter[str] = Counter()
    people: dict[str, set[int]] = defaultdict(set)
    for event_id, title in books.events:
        expected[_kind(title)] += 1
        people[_kind(title)].add(load.person(event_id))
    totals = {
        "grouping keys": books.key_total,
        "hours": books.hourly_total,
        "tags": books.tag_total,
        "items": books.item_total,
    }
    wrong = [f"{name} count {it} of {stored}" for name, it in totals.items() if it != stored]
    if dict(expected) != dict(books.issue_counts):
        wrong.append(f"issues count {dict(books.issue_counts)} of {dict(expected)}")
    if {kind: len(those) for kind, those in people.items()} != dict(books.people):
        wrong.append(f"people are counted as {dict(books.people)}")
    if books.quarantined:
        wrong.append(f"{books.quarantined} in quarantine")
    return wrong


def _kind(title: object) -> str:
    return str(title).partition(":")[0]


def _hex(event_id: object) -> str:
    return event_id.hex() if isinstance(event_id, bytes) else str(event_id).replace("-", "")


def _of(project: int) -> str:
    return f"WHERE project_id = {project}"


def _sum(query: Query, table: str, column: str, where: str) -> int:
    ((number,),) = query(f"SELECT COALESCE(SUM({column}), 0) FROM {table} {where}")
    return int(str(number))
