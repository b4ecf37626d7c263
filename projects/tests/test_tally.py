"""Counts of the accept side: never in its way, kept through outages, written at a clean stop."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from projects.models import OutcomeCount
from projects.statistics import Counted, add_outcomes
from projects.statistics.tally import Tally, write_on_thread

NAME = Counted(7, 400_000, "limited", "error", "project")


class Written:
    """A database that can be away, or hang."""

    def __init__(self) -> None:
        self.counts: Counter[Counted] = Counter()
        self.is_away = False
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self, counts: Mapping[Counted, int]) -> None:
        self.may_answer.wait(10)
        if self.is_away:
            raise OperationalError("away")
        self.counts.update(counts)


def test_counts_of_many_threads_are_written_once_each() -> None:
    written = Written()
    tally = Tally(written, write_every_s=0.01)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(tally.note, [NAME] * 800))

    deadline = time.monotonic() + 10
    while written.counts[NAME] < 800 and time.monotonic() < deadline:
        time.sleep(0.01)
    tally.flush()
    assert written.counts == {NAME: 800}


def test_an_outage_loses_nothing() -> None:
    written = Written()
    tally = Tally(written, write_every_s=1000)
    written.is_away = True
    tally.note(NAME, 2)
    assert not tally.flush()
    tally.note(NAME, 3)

    written.is_away = False
    assert tally.flush()
    assert written.counts == {NAME: 5}
    assert not tally.pending()


def test_nobody_waits_while_the_database_hangs() -> None:
    written = Written()
    tally = Tally(written, write_every_s=1000)
    tally.note(NAME)
    written.may_answer.clear()
    flushing = threading.Thread(target=tally.flush)
    flushing.start()
    started = time.monotonic()
    for _ in range(1000):
        tally.note(NAME)
    assert time.monotonic() - started < 1

    written.may_answer.set()
    flushing.join()
    tally.flush()
    assert written.counts == {NAME: 1001}


def test_names_are_bounded_and_no_number_is_lost() -> None:
    written = Written()
    tally = Tally(written, write_every_s=1000, max_names=10)
    for number in range(100):
        tally.note(NAME._replace(project_id=number))
    tally.flush()

    assert len(written.counts) == 11
    assert sum(written.counts.values()) == 100


END = """
import multiprocessing, sys
from projects.statistics import Counted
from projects.statistics.tally import Tally

def work():
    tally = Tally(lambda counts: print(sum(counts.values()), flush=True), write_every_s=1000)
    tally.note(Counted(7, 1, "limited", "error", ""), 5)

if sys.argv[1] == "worker":
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()
else:
    work()
"""


@pytest.mark.parametrize("how", ["alone", "worker"])
def test_a_clean_stop_writes_what_is_left(how: str) -> None:
    start = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", start + END, how], capture_output=True, text=True, timeout=60
    )

    assert (done.stdout, done.stderr) == ("5\n", "")


@pytest.mark.django_db
def test_numbers_add_up_in_one_row() -> None:
    add_outcomes({NAME: 2, NAME._replace(reason="key"): 1})
    write_on_thread({NAME: 3})
    add_outcomes({NAME: -1})

    rows = OutcomeCount.objects.order_by("reason").values_list("reason", "quantity")
    assert list(rows) == [("key", 1), ("project", 4)]


@pytest.mark.skipif(settings.IS_SQLITE, reason="of PostgreSQL: SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_names_wait_for_each_other_in_one_order() -> None:
    names = [NAME._replace(category=category, hour=hour) for category in "abcd" for hour in (1, 2)]

    def write(number: int) -> None:
        order = names if number % 2 else names[::-1]
        try:
            for _ in range(20):
                write_on_thread(dict.fromkeys(order, 1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))

    assert set(OutcomeCount.objects.values_list("quantity", flat=True)) == {160}
    assert OutcomeCount.objects.count() == len(names)
