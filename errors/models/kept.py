"""How much of what is no event each project keeps."""

from django.db import models


class KeptBytes(models.Model):
    """The bytes that a project's files, other items or feedback take: the sum of `kept_bytes`.

    Written in the transaction that adds or removes the rows.
    """

    class Kind(models.TextChoices):
        ATTACHMENT = "attachment", "attachments"
        ITEM = "item", "other items"
        FEEDBACK = "feedback", "feedback"

    pk = models.CompositePrimaryKey("project_id", "kind")
    project_id = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    size_bytes = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind}: {self.size_bytes}"
