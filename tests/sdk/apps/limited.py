"""An application that sends more than its project takes; argument: how many events."""

import os
import sys
import time

import sentry_sdk

sentry_sdk.init(
    dsn=os.environ["DSN"],
    before_send=lambda event, hint: None if event.get("logger") == "noise" else event,
    default_integrations=False,
)
for number in range(int(sys.argv[1])):
    sentry_sdk.capture_message(f"cup {number} is empty")
    sentry_sdk.flush(5)
with sentry_sdk.new_scope() as scope:
    scope.set_extra("not", "sent")
    sentry_sdk.capture_event({"message": "tick", "logger": "noise"})
time.sleep(0.1)
# The last thing that it sends is what it dropped.
sentry_sdk.flush(5)
