"""Of several beats one works; another takes over when it has gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.production.one_at_a_time import DatabaseTurn, FileTurn, TurnLost


@pytest.fixture(params=[False, True], ids=["session", "behind a pooler"])
def turns(request: pytest.FixtureRequest) -> Iterator[tuple[DatabaseTurn, DatabaseTurn]]:
    """Two that want the same turn."""
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")
    first, second = (DatabaseTurn("test", is_behind_pooler=request.param) for _ in range(2))
    both = first, second
    yield both
    for turn in both:
        turn.give_back()


@pytest.mark.django_db(transaction=True)
def test_one_session_has_the_turn_until_it_gives_it_back(
    turns: tuple[DatabaseTurn, DatabaseTurn],
) -> None:
    first, second = turns
    assert first.take()
    assert not second.take()
    first.keep()
    first.give_back()
    assert second.take()


@pytest.mark.django_db(transaction=True)
def test_a_session_that_the_server_ends_has_lost_its_turn(
    turns: tuple[DatabaseTurn, DatabaseTurn],
) -> None:
    first, second = turns
    assert first.take()
    assert first._session
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [first._session.info.backend_pid])
    with pytest.raises(TurnLost):
        first.keep()
    assert second.take()
    assert not first.take()


def test_beside_sqlite_a_file_is_the_turn(tmp_path: Path) -> None:
    first, second = (FileTurn(tmp_path / "beat.lock") for _ in range(2))
    with pytest.raises(TurnLost):
        first.keep()
    assert first.take()
    assert not second.take()
    first.keep()
    first.give_back()
    assert second.take()
    second.give_back()
