from django.db import migrations, models

from errors.migrations._postgres import RunOnPostgres
from errors.models.order import HourOf, magnitude_of


class Migration(migrations.Migration):
    dependencies = [
        ("errors", "0004_payload_packs"),
    ]

    operations = [
        # Room on each page, so that a row whose counters change finds its next version there.
        RunOnPostgres(
            "ALTER TABLE errors_issue SET (fillfactor = 80)",
            "ALTER TABLE errors_issue RESET (fillfactor)",
        ),
        migrations.AlterModelOptions(
            name="issue",
            options={"ordering": ("-last_seen_hour", "-last_seen_at")},
        ),
        migrations.RemoveIndex(
            model_name="issue",
            name="issue_recent",
        ),
        migrations.RemoveIndex(
            model_name="issue",
            name="issue_recent_anywhere",
        ),
        migrations.AddField(
            model_name="issue",
            name="event_magnitude",
            field=models.GeneratedField(
                db_persist=True,
                expression=magnitude_of("event_count"),
                output_field=models.SmallIntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="last_seen_hour",
            field=models.GeneratedField(
                db_persist=True,
                expression=HourOf("last_seen_at"),
                output_field=models.IntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="search_text",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="issue",
            name="user_magnitude",
            field=models.GeneratedField(
                db_persist=True,
                expression=magnitude_of("user_count"),
                output_field=models.SmallIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                fields=["project", "status", "-last_seen_hour"], name="issue_recent"
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["status", "-last_seen_hour"], name="issue_recent_anywhere"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["project", "status", "-first_seen_at"], name="issue_young"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["status", "-first_seen_at"], name="issue_young_anywhere"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["project", "status", "-event_magnitude"], name="issue_loud"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["status", "-event_magnitude"], name="issue_loud_anywhere"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["project", "status", "-user_magnitude"], name="issue_wide"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["status", "-user_magnitude"], name="issue_wide_anywhere"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["-last_seen_hour"], name="issue_latest"),
        ),
        migrations.AddIndex(
            model_name="tagcount",
            index=models.Index(
                condition=models.Q(("key", "environment")),
                fields=["value", "grouping_key_id"],
                name="tag_count_environment",
            ),
        ),
    ]
