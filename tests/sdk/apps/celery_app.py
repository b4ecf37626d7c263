"""A task queue on Celery, as a user writes one; run as a program it queues the task that crashes.

The broker is a folder, so that nothing else must run.
"""

import os

import sentry_sdk
from celery import Celery, signals

app = Celery("shop", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": os.environ["QUEUE_DIR"],
    "data_folder_out": os.environ["QUEUE_DIR"],
    "control_folder": os.environ["QUEUE_DIR"],
}


@signals.celeryd_init.connect
def report_crashes(**_: object) -> None:
    sentry_sdk.init(release="shop-worker@0.9", environment="production", send_default_pii=True)


@app.task(name="shop.charge")
def charge(customer: str, cents: int) -> str:
    sentry_sdk.set_user({"id": customer})
    sentry_sdk.set_tag("gateway", "north")
    sentry_sdk.add_breadcrumb(category="payment", message="gateway was asked", level="warning")
    answers: dict[str, str] = {"refused": "card expired"}
    return answers[f"accepted {cents}"]


if __name__ == "__main__":
    charge.delay("anna", 1250)
