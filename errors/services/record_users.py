"""Who met an issue, counted once over all of its grouping keys."""

from collections import Counter, defaultdict

from django.db import connection

from errors.models import GroupingKey, IssueUser
from errors.rows import insert_new, rows_source
from errors.services.prepare import PreparedEvent

_COLUMNS = ("grouping_key_id", "user_hash", "first_hour", "last_hour")
_WIDEN = """
    UPDATE errors_issueuser
    SET first_hour = CASE WHEN first_hour < %s THEN first_hour ELSE %s END,
        last_hour = CASE WHEN last_hour > %s THEN last_hour ELSE %s END
    WHERE grouping_key_id = %s AND user_hash = %s AND (first_hour > %s OR last_hour < %s)
"""
# The same for many rows at once.
_WIDEN_ALL = """
    UPDATE errors_issueuser AS met
    SET first_hour = least(met.first_hour, fresh.first_hour),
        last_hour = greatest(met.last_hour, fresh.last_hour)
    FROM ({source}) AS fresh (grouping_key_id, user_hash, first_hour, last_hour)
    WHERE met.grouping_key_id = fresh.grouping_key_id AND met.user_hash = fresh.user_hash
        AND (met.first_hour > fresh.first_hour OR met.last_hour < fresh.last_hour)
"""
_Pair = tuple[int, int]


def count_users(
    groups: dict[int, list[PreparedEvent]], issue_of_key: dict[int, int]
) -> dict[int, int]:
    """Note who the new events met; return how many people are new to each issue.

    The caller holds the issues' rows locked: two batches never count one person twice.
    """
    hours = _hours_of(groups)
    rows = [(*pair, first, last) for pair, (first, last) in sorted(hours.items())]
    found = insert_new(IssueUser, _COLUMNS, rows, returning=_COLUMNS[:2])
    added = {(key_id, user_hash) for key_id, user_hash in found}
    _widen_hours({pair: span for pair, span in hours.items() if pair not in added})
    return _count_new(added, issue_of_key) if added else {}


def _hours_of(groups: dict[int, list[PreparedEvent]]) -> dict[_Pair, tuple[int, int]]:
    hours: dict[_Pair, tuple[int, int]] = {}
    for key_id, events in groups.items():
        for event in events:
            if event.user_hash is not None:
                pair = (key_id, event.user_hash)
                hour = int(event.occurred_at // 3600)
                first, last = hours.get(pair, (hour, hour))
                hours[pair] = (min(first, hour), max(last, hour))
    return hours


def _widen_hours(hours: dict[_Pair, tuple[int, int]]) -> None:
    spans = sorted(hours.items())
    if not spans:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [(*pair, first, last) for pair, (first, last) in spans]
            source, parameters = rows_source(IssueUser, _COLUMNS, rows)
            cursor.execute(_WIDEN_ALL.format(source=source), parameters)
        else:
            cursor.executemany(
                _WIDEN,
                [(first, first, last, last, *pair, first, last) for pair, (first, last) in spans],
            )


def _count_new(added: set[_Pair], issue_of_key: dict[int, int]) -> dict[int, int]:
    people: dict[int, set[int]] = defaultdict(set)
    for key_id, user_hash in added:
        people[issue_of_key[key_id]].add(user_hash)
    known = _known_elsewhere(added, issue_of_key)
    return {issue: len(hashes - known[issue]) for issue, hashes in people.items()}


def _known_elsewhere(added: set[_Pair], issue_of_key: dict[int, int]) -> dict[int, set[int]]:
    """Of the people just added, those whom another key of the same issue had met before."""
    known: dict[int, set[int]] = defaultdict(set)
    issue_of = _keys_with_people({issue_of_key[key_id] for key_id, _ in added}) | issue_of_key
    keys = Counter(issue_of.values())
    shared = [key_id for key_id, issue_id in issue_of.items() if keys[issue_id] > 1]
    if shared:
        people = {user_hash for _, user_hash in added}
        rows = IssueUser.objects.filter(grouping_key_id__in=shared, user_hash__in=people)
        for key_id, user_hash in rows.values_list("grouping_key_id", "user_hash"):
            if (key_id, user_hash) not in added:
                known[issue_of[key_id]].add(user_hash)
    return known


def _keys_with_people(issue_ids: set[int]) -> dict[int, int]:
    rows = GroupingKey.objects.filter(issue__in=issue_ids, event_count__gt=0)
    return dict(rows.values_list("pk", "issue_id"))
