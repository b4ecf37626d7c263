"""An application whose customer meets a crash, sends a file along, and says what they think."""

import sentry_sdk
from sentry_sdk.envelope import Envelope, Item, PayloadRef
from sentry_sdk.types import Event, Hint


def drop_noise(event: Event, hint: Hint) -> Event | None:
    return None if event.get("message") == "noise" else event


def send(kind: str, said: object) -> None:
    """The SDK has no call of its own for these items."""
    envelope = Envelope(items=[Item(PayloadRef(json=said), type=kind)])
    transport = sentry_sdk.get_client().transport
    assert transport
    transport.capture_envelope(envelope)


if __name__ == "__main__":
    sentry_sdk.init(before_send=drop_noise)
    sentry_sdk.get_isolation_scope().add_attachment(bytes=b"oars: 2\n", filename="boat.log")
    event_id = sentry_sdk.capture_message("the boat leaks")
    said = {"message": "My feet are wet.", "name": "Ana", "contact_email": "ana@example.com"}
    send("feedback", {"contexts": {"feedback": {**said, "associated_event_id": event_id}}})
    report = {"event_id": event_id, "name": "Bo", "email": "bo@example.com", "comments": "It sank."}
    send("user_report", report)
    for _ in range(3):
        sentry_sdk.capture_message("noise")
    sentry_sdk.flush(timeout=10)
