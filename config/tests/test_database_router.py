"""Which database a query goes to, and how far behind a replica is."""

import pytest
from django.db import transaction

from config.database_router import PRIMARY, REPLICA, ReplicaRouter, reading_from_replica
from config.replica_lag import LagMeter
from projects.models import Project

router = ReplicaRouter()


def test_what_is_no_page_reads_from_the_primary() -> None:
    assert router.db_for_read(Project) == PRIMARY
    assert router.db_for_write(Project) == PRIMARY


def test_a_page_reads_from_the_replica_until_it_writes() -> None:
    with reading_from_replica() as reading:
        assert router.db_for_read(Project) == REPLICA
        assert router.db_for_write(Project) == PRIMARY
        assert router.db_for_read(Project) == PRIMARY
        assert reading.has_written
    with reading_from_replica():
        assert router.db_for_read(Project) == REPLICA


@pytest.mark.django_db
def test_a_transaction_reads_what_it_will_write() -> None:
    with reading_from_replica(), transaction.atomic():
        assert router.db_for_read(Project) == PRIMARY


def test_migrations_run_on_the_primary_only() -> None:
    assert router.allow_migrate(PRIMARY, "errors")
    assert not router.allow_migrate(REPLICA, "errors")


def test_an_idle_primary_has_no_lag() -> None:
    meter = LagMeter()
    meter.note(100.0, 5000)
    assert meter.lag_s(100.0, 5000) == 0
    meter.note(200.0, 5000)
    assert meter.lag_s(200.0, 5000) == 0


def test_the_lag_counts_from_when_the_primary_stood_there() -> None:
    meter = LagMeter()
    for second in range(5):
        meter.note(100.0 + second, 1000 * second)
    assert meter.lag_s(104.0, 2500) == 2.0
    assert meter.lag_s(104.0, 4000) == 0.0


def test_a_replica_behind_all_that_is_remembered_has_no_known_lag() -> None:
    meter = LagMeter()
    assert meter.lag_s(100.0, 1000) is None
    for second in range(200):
        meter.note(float(second), 1000 + second)
    assert meter.lag_s(200.0, 1000) is None
    assert meter.lag_s(200.0, 1190) == 10.0
