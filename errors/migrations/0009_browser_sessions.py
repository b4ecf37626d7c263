from django.db import migrations, models

from errors.migrations._clustered import ClusterByPrimaryKey


class Migration(migrations.Migration):
    """Which browser sessions met which grouping keys."""

    dependencies = [("errors", "0008_count_kept_bytes")]

    operations = [
        migrations.CreateModel(
            name="IssueSession",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "session_hash",
                        "grouping_key_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("session_hash", models.BigIntegerField()),
                ("grouping_key_id", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["grouping_key_id"], name="issue_session_key")]
            },
        ),
        ClusterByPrimaryKey("IssueSession"),
    ]
