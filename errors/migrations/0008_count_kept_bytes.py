from django.db import migrations
from django.db.models import F, Max, Sum
from django.db.models.functions import Length

# As errors.services.prepare_items has it, with a header of the usual length.
ROW_BYTES = 200 + 60
BATCH = 5_000


def weigh(apps, schema_editor):
    """What the digest would have written, for the rows that are there."""
    StoredItem = apps.get_model("errors", "StoredItem")
    last = StoredItem.objects.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last + 1, BATCH):
        items = StoredItem.objects.filter(pk__gte=start, pk__lt=start + BATCH)
        items.update(kept_bytes=Length("payload") + ROW_BYTES)
    envelopes = apps.get_model("errors", "StoredEnvelope").objects
    envelopes.update(kept_bytes=F("kept_bytes") + ROW_BYTES)
    _add_up(apps.get_model("errors", "KeptBytes"), StoredItem.objects, envelopes)


def _add_up(KeptBytes, *tables):
    totals = {}
    for table in tables:
        rows = table.order_by().values("project_id").annotate(total=Sum("kept_bytes"))
        for project_id, total in rows.values_list("project_id", "total"):
            totals[project_id] = totals.get(project_id, 0) + total
    for project_id, total in totals.items():
        KeptBytes.objects.create(project_id=project_id, kind="item", size_bytes=total)


class Migration(migrations.Migration):
    dependencies = [
        ("errors", "0007_attachments_and_feedback"),
    ]

    operations = [migrations.RunPython(weigh, migrations.RunPython.noop)]
