"""A shop on FastAPI that reports as its authors set it up for their old error tracker."""

import os

from fastapi import FastAPI
from monlight import ErrorClient
from monlight.integrations.fastapi import setup_monlight

app = FastAPI()
tracker, key = os.environ["TRACKER_URL"], os.environ["TRACKER_KEY"]
setup_monlight(app, error_tracker_url=tracker, api_key=key, project="old-shop")
by_hand = ErrorClient(tracker, key, project="old-shop", excluded_headers={"X-Till"})


@app.get("/")
def greet() -> str:
    return "open"


@app.post("/orders/{order_id}/pay")
def pay(order_id: int) -> float:
    return split_bill(total=118.5, people=order_id - order_id)


@app.post("/stock")
def count_stock() -> str:
    context = {
        "request_url": "http://shop.example/stock?page=2",
        "request_method": "POST",
        "request_headers": {"Accept": "text/html", "X-Till": "7", "Cookie": "sessionid=feedbeef"},
        "user_id": 42,
        "extra": {"shelf": [3, None]},
    }
    shelf: dict[str, int] = {}
    try:
        shelf["tea"] -= 1
    except KeyError as error:
        by_hand.report_error_sync(error, request_context=context)
    return "counted"


def split_bill(*, total: float, people: int) -> float:
    return total / people
