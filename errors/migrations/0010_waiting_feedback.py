from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits for its event in the order in which it is looked for: one short range a batch."""

    dependencies = [("errors", "0009_browser_sessions")]

    operations = [
        migrations.RemoveIndex(model_name="feedback", name="feedback_waiting"),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(
                condition=models.Q(("event_id__isnull", False), ("grouping_key", None)),
                fields=["-id"],
                name="feedback_waiting",
            ),
        ),
    ]
