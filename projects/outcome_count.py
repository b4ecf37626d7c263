"""What became of what was sent, by project, hour, category and reason."""

from django.db import models


class OutcomeCount(models.Model):
    """How much had this outcome in an hour (since 1970, UTC); attachments count in bytes.

    Hour 0 stands for all before the hours that are still kept apart; project 0 for requests of no
    known project.
    """

    project_id = models.BigIntegerField()
    hour = models.IntegerField()
    outcome = models.CharField(max_length=16)
    category = models.CharField(max_length=16)
    reason = models.CharField(max_length=32, blank=True)
    quantity = models.BigIntegerField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            # projects.statistics.record adds to the row; projects.statistics.read goes along it.
            models.UniqueConstraint(
                fields=["project_id", "hour", "outcome", "category", "reason"],
                name="outcome_count_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.category} {self.hour}: {self.quantity}"
