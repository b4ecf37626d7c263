"""Events beyond their project's days, and the other items that came in those days."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from errors.cutoffs import first_row_id, start_of_day
from errors.models import Attachment, Event, Feedback, SeenEvent, StoredEnvelope, StoredItem
from errors.partitions import drop_partitions_before
from errors.rows import count_where, delete_in_steps
from errors.services.kept import KeptModel, remove_kept_in_steps
from errors.services.retention.run import Reason, Run
from errors.services.retention.walk import rows_between, windows

# Longer than any SDK keeps an event to send it again.
SEEN_DAYS = 30


def drop_old_days(run: Run) -> None:
    """Drop the daily partitions that no project keeps any more (none on SQLite).

    What stays because it is in use is removed row by row like everything else.
    """
    before = first_row_id(start_of_day(run.now - timedelta(days=run.longest_days)))
    if connection.vendor != "postgresql" or run.is_dry:
        return
    count = count_where(Event, "id < %s", [before])
    # Days without events, too: their events may have gone for another reason, and their payloads'
    # partition may have been in use when theirs was dropped.
    drop_partitions_before(before)
    if count:
        run.report.events[Reason.AGE] += count - count_where(Event, "id < %s", [before])


def remove_old_events(run: Run) -> None:
    """Remove what is too old, oldest first, whatever its issue."""
    before = {project_id: each.events_before for project_id, each in run.cutoffs.items()}
    for start, stop in windows(0, max(before.values(), default=0)):
        due = [project_id for project_id, cutoff in before.items() if cutoff > start]
        rows = rows_between(start, stop, due)
        run.take([row.id for row in rows if row.id < before[row.project_id]], Reason.AGE)
        run.pace.rest()


def remove_old_items(run: Run) -> None:
    """Remove files, feedback, items and envelopes as old as the events that go."""
    for project_id, each in run.cutoffs.items():
        values = [project_id, each.events_before]
        for model in (Attachment, Feedback, StoredItem):
            condition = "project_id = %s AND envelope_id < %s"
            run.report.items += _remove(run, model, condition, values)
        run.report.items += _remove(run, StoredEnvelope, "project_id = %s AND id < %s", values)


def forget_seen(run: Run) -> None:
    """Forget ids that no retry can bring any more and no event has, on the whole site."""
    oldest = [first_row_id(run.now - timedelta(days=max(SEEN_DAYS, run.longest_days)))]
    if run.is_dry:
        run.report.seen_ids += count_where(SeenEvent, "row_id < %s", oldest)
        return
    steps = delete_in_steps(SeenEvent, "row_id < %s", oldest, batch=run.pace.step)
    run.report.seen_ids += _walk(run, steps)


def _remove(run: Run, model: KeptModel, condition: str, values: list[int]) -> int:
    if run.is_dry:
        return count_where(model, condition, values)
    return _walk(run, remove_kept_in_steps(model, condition, values, batch=run.pace.step))


def _walk(run: Run, steps: Iterator[int]) -> int:
    removed = 0
    for count in steps:
        removed += count
        run.on_progress(count)
        run.pace.rest()
    return removed
