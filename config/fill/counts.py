"""What hangs on the events that were written: keys, issues, people, tags, dictionaries.

The sums are those that the digest would have left (`errors.services.record`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from common.row_ids import EPOCH_MS, LOW_BITS
from config.fill.events import HOUR_MS, Ledger
from config.fill.faces import activities_of, choose_status, make_word
from config.fill.scene import Scene
from errors.grouping import LATEST
from errors.models import Activity, GroupingKey, Issue, PayloadDictionary, Release, TagCount
from errors.rows import insert_rows, moment
from errors.search import search_text_of

ROWS = 20_000
_PEOPLE = """
    INSERT INTO errors_issueuser (grouping_key_id, user_hash, first_hour, last_hour)
    SELECT grouping_key_id, user_hash, {first}, {last}
    FROM errors_event
    WHERE user_hash IS NOT NULL AND grouping_key_id > %s
    GROUP BY grouping_key_id, user_hash
"""
_MET = """
    SELECT issue_id, COUNT(DISTINCT user_hash)
    FROM errors_groupingkey JOIN errors_issueuser ON grouping_key_id = errors_groupingkey.id
    WHERE issue_id > %s
    GROUP BY issue_id
"""


def write_counts(scene: Scene, ledger: Ledger, *, user_id: int) -> None:
    """Write everything but the events in one transaction; the issues come last."""
    with transaction.atomic():
        _write_people(scene)
        _write_keys(scene, ledger)
        _write_tags(scene, ledger)
        _write_issues(scene, ledger, user_id)
        _write_releases(ledger)
    _go_on_behind(Issue, GroupingKey, PayloadDictionary)


def _write_people(scene: Scene) -> None:
    # An event's id holds its hour, as received and here as occurred.
    hour = f"{{}}(id) / {HOUR_MS << LOW_BITS} + {EPOCH_MS // HOUR_MS}"
    statement = _PEOPLE.format(first=hour.format("MIN"), last=hour.format("MAX"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(statement, [scene.last_key_id])


def _write_keys(scene: Scene, ledger: Ledger) -> None:
    keys = (_make_key(scene, ledger, number) for number in range(len(scene.keys)))
    _create(GroupingKey, keys)
    _create(PayloadDictionary, _make_dictionaries(scene))


def _make_key(scene: Scene, ledger: Ledger, number: int) -> GroupingKey:
    place, _ = scene.place_of(number)
    return GroupingKey(
        pk=scene.key_id(number),
        project=place.project,
        issue_id=scene.issue_id(number),
        hash=f"{scene.rng.getrandbits(128):032x}",
        version=LATEST,
        event_count=scene.keys[number].events,
        first_seen_at=_at(ledger.first_ms[number]),
        last_seen_at=_at(ledger.last_ms[number]),
    )


def _make_dictionaries(scene: Scene) -> Iterator[PayloadDictionary]:
    for number, key in enumerate(scene.keys):
        dictionary_id = scene.dictionary_id(number)
        place, family = scene.place_of(number)
        if dictionary_id is not None:
            yield PayloadDictionary(
                pk=dictionary_id,
                project=place.project,
                platform=place.platform,
                grouping_key_id=scene.key_id(number),
                version=1,
                sample_count=key.events,
                content=place.families[family].pattern,
                created_at=scene.now,
            )


def _write_tags(scene: Scene, ledger: Ledger) -> None:
    rows = (row for number in range(len(scene.keys)) for row in _tags_of(scene, ledger, number))
    while batch := list(islice(rows, ROWS)):
        insert_rows(TagCount, ("grouping_key_id", "key", "value", "count"), batch)


def _tags_of(scene: Scene, ledger: Ledger, number: int) -> Iterator[tuple[Any, ...]]:
    place, family = scene.place_of(number)
    counts: Counter[tuple[str, str]] = Counter()
    for sample, count in zip(place.families[family].samples, ledger.used(number), strict=True):
        if count:
            counts.update(dict.fromkeys(sample.tags, count))
    for (key, value), count in sorted(counts.items()):
        yield scene.key_id(number), key, value, count


def _write_issues(scene: Scene, ledger: Ledger, user_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MET, [scene.last_issue_id])
        people = dict(cursor.fetchall())
    numbers = groupby(range(len(scene.keys)), key=lambda number: scene.keys[number].issue)
    issues = []
    for _, keys in numbers:
        issue = _make_issue(scene, ledger, list(keys))
        issue.user_count = people.get(issue.pk, 0)
        issue.project.last_issue_number += 1
        issue.number = issue.project.last_issue_number
        choose_status(issue, scene.rng, scene.now)
        issues.append(issue)
    _create(Issue, issues)
    _create(Activity, (one for issue in issues for one in activities_of(issue, user_id)))
    for place in scene.places:
        place.project.save(update_fields=["last_issue_number"])


def _make_issue(scene: Scene, ledger: Ledger, numbers: list[int]) -> Issue:
    """The issue of these keys, named by its newest event; its words are partly its own."""
    newest = max(numbers, key=lambda number: ledger.last_ms[number])
    oldest = min(numbers, key=lambda number: ledger.first_ms[number])
    place, family = scene.place_of(newest)
    sample = ledger.last_sample[newest]
    samples = place.samples[family]
    summary = place.families[family].samples[sample].summary
    word = make_word(scene.rng)
    value = f"{summary.value[:900]} ({word} {make_word(scene.rng)})"
    culprit = f"{summary.culprit[:150]}_{word}"
    return Issue(
        pk=scene.issue_id(newest),
        project=place.project,
        title=summary.title,
        type=summary.type,
        value=value,
        culprit=culprit,
        search_text=search_text_of(summary.title, value, culprit),
        route=summary.route[:200],
        platform=summary.platform,
        level=summary.level,
        first_seen_at=_at(ledger.first_ms[oldest]),
        last_seen_at=_at(ledger.last_ms[newest]),
        event_count=sum(scene.keys[number].events for number in numbers),
        first_release_id=samples[ledger.first_sample[oldest]].release_id,
        last_release_id=samples[sample].release_id,
        last_environment=place.families[family].samples[sample].environment,
    )


def _write_releases(ledger: Ledger) -> None:
    for release_id, ms in ledger.releases.items():
        Release.objects.filter(pk=release_id).update(first_seen_at=_at(ms))


def _create(model: type[Model], rows: Iterable[Model]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, ROWS)):
        model._default_manager.bulk_create(batch, batch_size=500)


def _go_on_behind(*models: type[Model]) -> None:
    """Let the database number the next rows behind those whose ids were taken here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _at(ms: int) -> datetime:
    return moment(ms / 1000)
