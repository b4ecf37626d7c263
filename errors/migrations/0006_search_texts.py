from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from errors.migrations._postgres import RunOnPostgres
from errors.search import search_text_of

BATCH = 1_000


def fill_in(apps, schema_editor):
    """What the digest would have written, for the issues that are there."""
    Issue = apps.get_model("errors", "Issue")
    last_id = 0
    while batch := list(Issue.objects.filter(pk__gt=last_id).order_by("pk")[:BATCH]):
        for issue in batch:
            issue.search_text = search_text_of(issue.title, issue.value, issue.culprit)
        Issue.objects.bulk_update(batch, ["search_text"], batch_size=200)
        last_id = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("errors", "0005_sorted_lists"),
    ]

    operations = [
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        # Trusted: the database's owner may create it.
        TrigramExtension(),
        RunOnPostgres(
            "CREATE INDEX issue_trigrams ON errors_issue USING gin (search_text gin_trgm_ops)",
            "DROP INDEX issue_trigrams",
        ),
    ]
