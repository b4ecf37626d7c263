from django.db import migrations

from errors.migrations._partitioned import PartitionByDay


class Migration(migrations.Migration):
    dependencies = [("errors", "0001_initial")]

    operations = [PartitionByDay("Event"), PartitionByDay("EventPayload")]
