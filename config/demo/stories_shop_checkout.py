"""shop-api, checkout: orders, and what stands in their way."""

from config.demo.library_frames import (
    HTTPCORE_READ,
    HTTPX_ERROR,
    SQL,
    SQL_CAUSE,
    SQL_ERROR,
)
from config.demo.story import Story, all_along, between, outage, raised

PLACE_ORDER = "POST /orders"
ORDER_BODY = {"cart_id": "$cart_id", "address_id": "$number", "payment_method": "card"}
RESERVE = ("place_order: reserve_lines", "reserve_lines: async with asyncio.TaskGroup")

STORIES = (
    Story(
        name="no-address",
        # Mended in 5.18.1, and back with 5.19.0.
        waves=(*between(96, since_h=160, until_h=74), *between(58, since_h=5.3)),
        resolved_h=70.5,
        place=PLACE_ORDER,
        body=ORDER_BODY,
        trail="address",
        tags={"payment.method": "card"},
        failures=(
            raised(
                "AttributeError",
                "'NoneType' object has no attribute 'country'",
                "place_order: await quote_shipping",
                "quote_shipping: address.country",
                locals={"address": "None"},
            ),
        ),
    ),
    Story(
        name="payment-unavailable",
        waves=(*outage(148, since_h=67, minutes=38), *all_along(26)),
        place=PLACE_ORDER,
        body=ORDER_BODY,
        trail="order",
        steps=("log shop.checkout.payments warning charge ord-$order_id-1 took 10.0 s",),
        tags={"payment.method": "card"},
        failures=(
            raised("httpcore.ReadTimeout", "", *HTTPCORE_READ),
            raised(
                "httpx.ReadTimeout",
                "",
                "charge: payrail.create_charge",
                'create_charge: self.http.post("/v1/charges"',
                *HTTPX_ERROR,
            ),
            raised(
                "shop.checkout.payments.PaymentUnavailable",
                "payrail did not answer for order $order_id",
                "place_order: await charge",
                "charge: raise PaymentUnavailable",
            ),
        ),
    ),
    Story(
        name="stock-of-several-lines",
        waves=all_along(52),
        place=PLACE_ORDER,
        body=ORDER_BODY,
        trail="reservation",
        is_group=True,
        failures=(
            raised(
                "shop.stock.locks.LockTimeout",
                "lock:stock:$sku was not free within 2.0 s",
                "reserve_line: async with stock_lock",
                "stock_lock: raise LockTimeout",
            ),
            raised(
                "shop.stock.reservations.OutOfStock",
                "$sku: 2 wanted, 1 free in $warehouse",
                "reserve_line: raise OutOfStock",
                locals={"stock": "<Stock $sku free=1 warehouse=$warehouse>"},
            ),
            raised(
                "ExceptionGroup",
                "unhandled errors in a TaskGroup (2 sub-exceptions)",
                *RESERVE,
                "asyncio.taskgroups.__aexit__",
            ),
        ),
    ),
    Story(
        name="split-among-nobody",
        waves=all_along(43),
        place="POST /orders/{order_id}/split",
        body={"people": "0", "rounding": "first"},
        trail="known order",
        failures=(
            raised(
                "decimal.DivisionByZero",
                "[<class 'decimal.DivisionByZero'>]",
                "split_order: split_total",
                "split_total: (total / people)",
            ),
        ),
    ),
    Story(
        name="order-placed-twice",
        waves=all_along(61),
        place=PLACE_ORDER,
        body=ORDER_BODY,
        trail="order",
        failures=(
            raised(
                "asyncpg.exceptions.UniqueViolationError",
                'duplicate key value violates unique constraint "orders_idempotency_key_key"\n'
                "DETAIL:  Key (idempotency_key)=($hex-$hex) already exists.",
                *SQL_CAUSE,
            ),
            raised(
                "sqlalchemy.exc.IntegrityError",
                "(sqlalchemy.dialects.postgresql.asyncpg.IntegrityError) "
                "<class 'asyncpg.exceptions.UniqueViolationError'>: duplicate key value violates "
                'unique constraint "orders_idempotency_key_key"',
                "place_order: await save_order",
                "save_order: await db.flush()",
                "flush: await self.execute",
                *SQL_ERROR,
            ),
        ),
    ),
    Story(
        name="deadlock-on-refund",
        waves=between(17, since_h=150),
        place="POST /orders/{order_id}/refunds",
        body={"lines": "[$number]", "reason": "too late"},
        trail="known order",
        tags={"staff": "yes"},
        failures=(
            raised(
                "asyncpg.exceptions.DeadlockDetectedError",
                "deadlock detected\nDETAIL:  Process $number waits for ShareLock on transaction "
                "$order_id; blocked by process 4127.",
                *SQL_CAUSE,
            ),
            raised(
                "sqlalchemy.exc.DBAPIError",
                "(sqlalchemy.dialects.postgresql.asyncpg.Error) "
                "<class 'asyncpg.exceptions.DeadlockDetectedError'>: deadlock detected",
                "refund_order: await db.flush()",
                "flush: await self.execute",
                *SQL_ERROR,
            ),
        ),
    ),
    Story(
        name="no-free-connection",
        waves=outage(74, since_h=27.5, minutes=22),
        place="GET /orders/{order_id}",
        trail="customer",
        failures=(
            raised(
                "sqlalchemy.exc.TimeoutError",
                "QueuePool limit of size 20 overflow 10 reached, connection timed out, "
                "timeout 30.00",
                "show_order: await load_order",
                "load_order: await db.one",
                "one: await self.execute",
                *SQL[:2],
                "sqlalchemy.pool.impl._do_get",
            ),
        ),
    ),
)
