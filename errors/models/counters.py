"""Exact counts. All but ItemCount hang on the grouping key, so that merging adds up."""

from django.db import models


class HourlyCount(models.Model):
    """Events of a grouping key in one environment and hour (hours since 1970, UTC).

    Hour 0 stands for all before the hours that are still kept apart; so below for items.
    """

    pk = models.CompositePrimaryKey("grouping_key_id", "hour", "environment_id")
    grouping_key_id = models.BigIntegerField()
    hour = models.IntegerField()
    environment_id = models.BigIntegerField()
    count = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.grouping_key_id} {self.hour}: {self.count}"


class IssueUser(models.Model):
    """That this person (64-bit hash) met this grouping key; hours since 1970."""

    pk = models.CompositePrimaryKey("grouping_key_id", "user_hash")
    grouping_key_id = models.BigIntegerField()
    user_hash = models.BigIntegerField()
    first_hour = models.IntegerField()
    last_hour = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.grouping_key_id} {self.user_hash}"


class IssueSession(models.Model):
    """That a browser's session (64-bit hash) met this grouping key."""

    pk = models.CompositePrimaryKey("session_hash", "grouping_key_id")
    session_hash = models.BigIntegerField()
    grouping_key_id = models.BigIntegerField()

    class Meta:
        indexes = [
            # errors.services.removal: those of an issue that goes.
            models.Index(fields=["grouping_key_id"], name="issue_session_key"),
        ]

    def __str__(self) -> str:
        return f"{self.session_hash} {self.grouping_key_id}"


class TagCount(models.Model):
    """How often a tag had this value; at most 100 values a key, the rest under `OTHER`.

    Environments are all kept: lists are narrowed to one, and count its events.
    """

    MAX_VALUES = 100
    ENVIRONMENT = "environment"
    # No tag has an empty value, so this row is free.
    OTHER = ""

    pk = models.CompositePrimaryKey("grouping_key_id", "key", "value")
    grouping_key_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    value = models.CharField(max_length=200)
    count = models.PositiveBigIntegerField()

    class Meta:
        indexes = [
            # errors.queries.issues: the issues of one environment.
            models.Index(
                fields=["value", "grouping_key_id"],
                condition=models.Q(key="environment"),
                name="tag_count_environment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}={self.value}: {self.count}"


class ItemCount(models.Model):
    """Items that arrived, by project, type and hour (hours since 1970), kept or not."""

    pk = models.CompositePrimaryKey("project_id", "type", "hour")
    project_id = models.BigIntegerField()
    type = models.CharField(max_length=64)
    hour = models.IntegerField()
    count = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.type} {self.hour}: {self.count}"
