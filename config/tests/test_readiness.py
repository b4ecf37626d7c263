"""What the site needs is named with what is wrong and since when, whatever hangs."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config import middleware, readiness
from config.admin_home import describe_parts
from config.readiness import Part, PartState

AWAY = PartState("store", "It does not answer.", "10.1.2.3 refused", warnings=())


def look(part: Part, within_s: float = 10) -> PartState:
    part.ask()
    (state,) = part.states(monotonic() + within_s)
    return state


@pytest.fixture(autouse=True)
def never_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH_S", 0)


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """Set at the end, so that no thread stays."""
    event = threading.Event()
    yield event
    event.set()


def test_a_part_is_away_since_it_was_first_seen_so() -> None:
    found = [AWAY]
    part = Part("store", lambda: found)
    since = look(part).since
    assert since
    assert look(part).since == since
    found[:] = [PartState("store")]
    assert look(part) == PartState("store")
    found[:] = [AWAY]
    later = look(part).since
    assert later
    assert later > since


def test_a_part_that_hangs_is_told_in_time(hanging: threading.Event) -> None:
    looks = []

    def hang() -> list[PartState]:
        looks.append(1)
        hanging.wait(30)
        return [PartState("store")]

    part = Part("store", hang)
    for _ in range(3):
        assert look(part, within_s=0.01).error == "It does not answer."
    assert len(looks) == 1


def test_a_look_that_hung_is_not_taken_for_a_fresh_one(hanging: threading.Event) -> None:
    found = [AWAY]

    def hang() -> list[PartState]:
        old = list(found)
        hanging.wait(30)
        return old

    part = Part("store", hang)
    assert look(part, within_s=0.01).error
    found[:] = [PartState("store")]
    hanging.set()
    assert part._looking
    part._looking.result()
    assert not look(part).error


def test_a_look_that_fails_is_an_error_of_its_part(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> list[PartState]:
        raise RuntimeError("secret-host")

    state = look(Part("store", fail))
    assert state.error == "It cannot be looked at."
    assert "secret-host" in state.detail


def test_the_log_has_a_line_for_each_change(caplog: pytest.LogCaptureFixture) -> None:
    found = [AWAY]
    part = Part("store", lambda: found)
    with caplog.at_level(logging.INFO, logger="config.readiness"):
        look(part)
        look(part)
        found[:] = [PartState("store")]
        look(part)
        look(part)
    lines: list[Any] = [record.msg for record in caplog.records]
    assert [line["event"] for line in lines] == ["ready.part_is_away", "ready.part_is_back"]


def test_everybody_hears_what_is_wrong_but_no_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "read_parts", lambda: [PartState("database"), AWAY])
    answer = client.get("/ready", headers={"Host": "anything.example"})
    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    parts = answer.json()["parts"]
    assert parts["database"] == {"ok": True}
    assert parts["store"]["error"] == "It does not answer."
    assert "10.1.2.3" not in answer.content.decode()


def test_everybody_hears_what_should_be_mended(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = PartState("inbox in Redis", warnings=["Redis is full."])
    monkeypatch.setattr(middleware, "read_parts", lambda: [state])
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.json()["parts"] == {
        "inbox in Redis": {"ok": True, "warnings": ["Redis is full."]}
    }


def test_a_site_in_order_is_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "read_parts", lambda: [PartState("database")])
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_operators_read_addresses_and_warnings() -> None:
    risky = PartState("inbox", warnings=["Redis keeps nothing on disk."])
    now = timezone.now()
    away = replace(AWAY, name="inbox in Redis", since=now - timedelta(minutes=3))
    assert [*describe_parts([away, risky, PartState("broker")], now)] == [
        "Inbox in Redis, away for 3 min: 10.1.2.3 refused",
        "Redis keeps nothing on disk.",
    ]
