"""billing-worker: the nightly closing of the books."""

from config.demo.story import Story, between, every_night, outage, raised

CLOSE = "billing.tasks.closing.close_day"

STORIES = (
    Story(
        name="ledger-does-not-balance",
        waves=outage(3, since_h=37.5, minutes=12),
        resolved_h=30,
        place=CLOSE,
        trail="sales",
        level="fatal",
        has_user=False,
        failures=(
            raised(
                "AssertionError",
                "ledger does not balance: debit 12410.20, credit 12410.19",
                "close_day: tx.post_entries",
                "post_entries: assert debit == credit",
            ),
        ),
    ),
    Story(
        name="no-sales-on-a-holiday",
        waves=outage(2, since_h=85.5, minutes=4),
        place=CLOSE,
        trail="sales",
        environment="staging",
        has_user=False,
        failures=(
            raised(
                "decimal.InvalidOperation",
                "[<class 'decimal.DivisionUndefined'>]",
                "close_day: entries_of(day)",
                "entries_of: / net for market",
            ),
        ),
    ),
    Story(
        name="could-not-serialize",
        waves=every_night(1, shop_hour=2.0, minutes=2),
        place=CLOSE,
        trail="closing",
        has_user=False,
        failures=(
            raised(
                "psycopg.errors.SerializationFailure",
                "could not serialize access due to concurrent update",
                "close_day: booked = tx.scalar",
                "scalar: self.cursor.execute",
                "psycopg.cursor.execute",
            ),
        ),
    ),
    Story(
        name="sales-report-changed",
        waves=between(6, since_h=14.2, until_h=13),
        place=CLOSE,
        trail="sales",
        has_user=False,
        failures=(
            raised(
                "pydantic_core._pydantic_core.ValidationError",
                "1 validation error for Sales\nsales.0.currency\n  Field required "
                "[type=missing, input_value={{'id': $order_id, 'net': '$amount'}}, "
                "input_type=dict]",
                "close_day: entries_of(day)",
                "entries_of: shop_api.fetch_sales",
                "fetch_sales: Sales.model_validate",
                "pydantic.main.model_validate",
            ),
        ),
    ),
    Story(
        name="sales-report-unavailable",
        waves=outage(7, since_h=109.5, minutes=15),
        place=CLOSE,
        trail="closing",
        steps=("http GET http://shop-api.internal/reports/sales?day=$yesterday 503",),
        has_user=False,
        failures=(
            raised(
                "requests.exceptions.HTTPError",
                "503 Server Error: Service Unavailable for url: "
                "http://shop-api.internal/reports/sales?day=$yesterday",
                "close_day: entries_of(day)",
                "entries_of: shop_api.fetch_sales",
                "fetch_sales: response.raise_for_status",
                "requests.models.raise_for_status",
            ),
        ),
    ),
)
