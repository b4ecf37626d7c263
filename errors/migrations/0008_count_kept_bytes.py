from django.db import migrations
from django.db.models import Sum, Value
from django.db.models.functions import Length

# As errors.services.prepare_items has it, with a header of the usual length.
ROW_BYTES = 200 + 60
BATCH = 5_000
WEIGHTS = {"StoredItem": Length("payload") + ROW_BYTES, "StoredEnvelope": Value(ROW_BYTES)}


def weigh(apps, schema_editor):
    """What the digest would have written, for the rows that are there; safe to repeat."""
    totals = {}
    for name, weight in WEIGHTS.items():
        rows = apps.get_model("errors", name).objects.order_by()
        for batch in _batches(rows):
            batch.filter(kept_bytes=0).update(kept_bytes=weight)
        for project_id, total in rows.values_list("project_id").annotate(Sum("kept_bytes")):
            totals[project_id] = totals.get(project_id, 0) + total
    KeptBytes = apps.get_model("errors", "KeptBytes")
    KeptBytes.objects.filter(kind="item").delete()
    for project_id, total in totals.items():
        KeptBytes.objects.create(project_id=project_id, kind="item", size_bytes=total)


def _batches(rows):
    """The rows in the order of their ids, so many at a time."""
    after = -1
    while ids := rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        last = list(ids)[-1]
        yield rows.filter(pk__gt=after, pk__lte=last)
        after = last


class Migration(migrations.Migration):
    # Each batch commits: nobody waits for the whole table.
    atomic = False

    dependencies = [
        ("errors", "0007_attachments_and_feedback"),
    ]

    operations = [migrations.RunPython(weigh, migrations.RunPython.noop)]
