"""A shop on FastAPI, as a user writes one, with a request that crashes."""

from typing import Annotated

import sentry_sdk
from fastapi import Body, FastAPI
from sentry_sdk.scrubber import EventScrubber

# The SDK filters nothing here: what the pages do not show, the site has filtered.
sentry_sdk.init(
    release="shop@1.4.2",
    environment="staging",
    send_default_pii=True,
    event_scrubber=EventScrubber(denylist=[], pii_denylist=[]),
)

app = FastAPI()


@app.get("/")
def greet() -> str:
    return "open"


@app.post("/orders/{order_id}/pay")
def pay(order_id: int, order: Annotated[dict[str, str], Body()]) -> float:
    sentry_sdk.set_user({"id": "42", "email": "ana@example.com"})
    sentry_sdk.set_tag("region", "eu-west")
    sentry_sdk.add_breadcrumb(category="cart", message="cart was opened", data={"items": 3})
    password = order["password"]
    return split_bill(total=118.5, people=len(password) - len(password))


def split_bill(*, total: float, people: int) -> float:
    rounded_total = round(total)
    return rounded_total / people
