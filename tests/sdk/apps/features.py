"""An application that uses one feature of the SDK: the one that its argument names."""

import sys
import time
from typing import TYPE_CHECKING

import sentry_sdk
from sentry_sdk import crons, logger, metrics
from sentry_sdk.envelope import Envelope, Item, PayloadRef

if TYPE_CHECKING:
    from sentry_sdk._types import MonitorConfig


def attachments() -> None:
    sentry_sdk.init()
    scope = sentry_sdk.get_isolation_scope()
    scope.add_attachment(bytes=b"apples\npears\n", filename="basket.txt")
    scope.add_attachment(bytes=b"\x89PNG\r\n\x1a\n", filename="shelf.png", content_type="image/png")
    sentry_sdk.capture_message("the basket is full")


def feedback() -> None:
    sentry_sdk.init()
    event_id = sentry_sdk.capture_message("the till is stuck")
    said = {"message": "It ate my card.", "name": "Ana", "contact_email": "ana@example.com"}
    event = {"contexts": {"feedback": {**said, "associated_event_id": event_id}}}
    send(Item(PayloadRef(json=event), type="feedback"))


def user_report() -> None:
    sentry_sdk.init()
    event_id = sentry_sdk.capture_message("the door is stuck")
    report = {"event_id": event_id, "name": "Bo", "email": "bo@example.com", "comments": "Ouch."}
    send(Item(PayloadRef(json=report), type="user_report"))


def logs() -> None:
    sentry_sdk.init(enable_logs=True)
    logger.warning("shelf {shelf} is empty", shelf=7)
    logger.info("shelf {shelf} is full", shelf=8)


def measurements() -> None:
    sentry_sdk.init()
    metrics.count("orders", 2)
    metrics.gauge("queue", 5)
    metrics.distribution("wait", 12.5, unit="second")


def check_ins() -> None:
    sentry_sdk.init(environment="night")
    config: MonitorConfig = {
        "schedule": {"type": "crontab", "value": "0 3 * * *"},
        "timezone": "Europe/Vienna",
    }
    with crons.monitor("stock-count", config):
        pass


def sessions() -> None:
    sentry_sdk.init(release="till@4", environment="night")
    sentry_sdk.start_session(session_mode="application")
    sentry_sdk.capture_exception(ValueError("no change"))
    sentry_sdk.end_session()


def request_sessions() -> None:
    sentry_sdk.init(release="till@4")
    sentry_sdk.start_session(session_mode="request")
    sentry_sdk.end_session()


def tracing_with_spans() -> None:
    sentry_sdk.init(traces_sample_rate=1.0)
    with (
        sentry_sdk.start_transaction(op="task", name="count stock"),
        sentry_sdk.start_span(op="db", name="SELECT shelves"),
    ):
        time.sleep(0.001)


def tracing_without_spans() -> None:
    sentry_sdk.init(traces_sample_rate=1.0)
    with sentry_sdk.start_transaction(op="task", name="close shop"):
        pass


def streamed_spans() -> None:
    sentry_sdk.init(traces_sample_rate=1.0, trace_lifecycle="stream")
    with sentry_sdk.traces.start_span(name="open shop"), sentry_sdk.traces.start_span(name="light"):
        pass


def profiling() -> None:
    sentry_sdk.init(traces_sample_rate=1.0, profiles_sample_rate=1.0)
    with sentry_sdk.start_transaction(op="task", name="sort shelves"):
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            sorted(range(10_000))


def dropped_events() -> None:
    sentry_sdk.init(before_send=lambda event, hint: None)
    sentry_sdk.capture_message("never told")
    sentry_sdk.capture_message("never told either")


def send(item: Item) -> None:
    envelope = Envelope()
    envelope.add_item(item)
    transport = sentry_sdk.get_client().transport
    assert transport
    transport.capture_envelope(envelope)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
    sentry_sdk.flush(timeout=10)
