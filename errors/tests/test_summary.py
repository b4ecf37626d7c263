"""What a list shows of an event."""

from typing import Any

import pytest

from errors.models.issue import Level
from errors.normalize import normalize_event
from errors.summary import LEVELS, Summary, summarize_event

OWN = {"module": "checkout.services", "function": "pay", "in_app": True}
LIBRARY = {"module": "django.db", "function": "get", "in_app": False}


def summarize(**raw: Any) -> Summary:
    normalized = normalize_event(
        raw, event_id="a" * 32, received_at=1.7e9, sent_at=None, client_ip=None
    )
    return summarize_event(normalized.event)


def exception(*frames: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "E", "value": "v", "stacktrace": {"frames": list(frames)}} | more


def test_exception_is_summarised_by_its_newest_part() -> None:
    cause = exception(OWN, type="KeyError")
    effect = exception(OWN, LIBRARY, type="ApiError", value="\n no answer \nmore")
    effect["mechanism"] = {"type": "django", "handled": False}
    assert summarize(
        exception=[cause, effect], transaction="/orders/{id}/pay", level="fatal", platform="python"
    ) == Summary(
        title="ApiError",
        type="ApiError",
        value="no answer",
        culprit="checkout.services in pay",
        level=50,
        route="/orders/{id}/pay",
        handled=False,
        platform="python",
    )


def test_message_is_summarised_by_its_first_line() -> None:
    summary = summarize(message="\n disk is full \n/dev/sda1", level="warning")
    assert (summary.title, summary.type, summary.value) == ("disk is full", "", "")
    assert (summary.level, summary.handled, summary.culprit) == (30, None, "")


@pytest.mark.parametrize(
    ("raw", "culprit"),
    [
        ({"exception": exception(OWN, LIBRARY)}, "checkout.services in pay"),
        ({"exception": exception(LIBRARY)}, "django.db in get"),
        (
            {"exception": exception({"filename": "cart.js", "function": "pay", "in_app": True})},
            "cart.js in pay",
        ),
        ({"exception": exception({"filename": "cart.js", "in_app": True})}, "cart.js"),
        ({"exception": exception({"filename": "https://x.org/a/b.js"})}, "a/b.js"),
        ({"exception": exception({"function": "main"})}, "main"),
        ({"threads": [{"id": 1, "stacktrace": [OWN]}]}, "checkout.services in pay"),
        ({"exception": [exception(OWN), {"type": "E"}]}, "checkout.services in pay"),
        ({"exception": {"type": "E"}, "transaction": "/pay"}, "/pay"),
        ({"transaction": "tasks.pay"}, "tasks.pay"),
        ({"logger": "shop.stock", "transaction": "/pay"}, "shop.stock"),
        ({}, ""),
    ],
)
def test_culprit_is_the_place_of_the_crash_the_logger_or_the_transaction(
    raw: Any, culprit: str
) -> None:
    assert summarize(**raw).culprit == culprit


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ({"exception": {"value": "only a value"}}, "only a value"),
        ({"exception": {"type": "E" * 300}}, "E" * 254 + "…"),
        ({"message": "m" * 300}, "m" * 254 + "…"),
        ({}, "Event without a message"),
    ],
)
def test_title_is_never_empty_and_never_long(raw: Any, title: str) -> None:
    assert summarize(**raw).title == title


def test_culprit_leaves_out_the_sites_origin() -> None:
    frame = {"filename": "https://shop.example.com/assets/cart.js", "function": "total"}
    assert summarize(exception=exception(frame)).culprit == "assets/cart.js in total"


def test_culprit_fits_its_column() -> None:
    frame = OWN | {"module": "m" * 300}
    assert len(summarize(exception=exception(frame)).culprit) == 200


def test_handled_is_asked_of_the_newest_exception_that_says_so() -> None:
    said = exception(OWN, mechanism={"type": "x", "handled": True})
    assert summarize(exception=[said, exception(OWN)]).handled is True


def test_levels_are_those_of_the_models() -> None:
    assert {level.label: level.value for level in Level} == LEVELS
