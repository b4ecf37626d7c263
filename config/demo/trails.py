"""What a visitor or a service did before the crash, by the name of the way.

A line is "kind rest", as `breadcrumbs` reads it: nav, click, input, fetch and console in the
browser; query, http, redis and log in Python.
"""

CUSTOMER = ("redis GET customer:$customer_id",)
CART = ("redis GET cart:$cart_id", "redis EXPIRE cart:$cart_id")
ADDRESS = (
    *CART,
    "query SELECT address.id, address.street, address.city, address.country FROM address WHERE "
    "address.id = $$1 AND address.customer_id = $$2",
)
OFFERS = (
    *ADDRESS,
    "redis GET offers:$zone:$number",
    "http GET https://carriers.internal/v2/offers?zone=$zone&weight=$number 200",
    "redis SET offers:$zone:$number",
)
RESERVATION = (
    *OFFERS,
    "query BEGIN",
    "redis SET lock:stock:$sku",
    "query SELECT stock.sku, stock.free, stock.warehouse FROM stock WHERE stock.sku = $$1 FOR "
    "UPDATE",
)
ORDER = (
    *RESERVATION,
    "log shop.stock.reservations info $lines lines held for 15 minutes",
    "query INSERT INTO orders (customer_id, total, currency, idempotency_key) VALUES ($$1, $$2, "
    "$$3, $$4)",
)
PRODUCT = (
    "redis GET product:de:$slug",
    "query SELECT product.id, product.slug, product.title, product.price FROM product WHERE "
    "product.slug = $$1 AND product.market = $$2",
)
ACCOUNT = (
    "query SELECT account.id, account.email, account.locale FROM account WHERE "
    "lower(account.email) = $$1",
)
SNAPSHOT = ("http GET http://shop-api.internal/orders/$order_id/snapshot 200",)
BANK = ("log billing.bank info Fetching /outbox/camt-$yesterday.csv",)
ENTRIES = (
    "query SELECT kind, amount, currency, booked_on FROM entry WHERE account_id = %s AND month = "
    "%s",
)
CLOSING = (
    "log billing.closing info Closing $yesterday",
    "query BEGIN",
    "query SELECT sum(amount) FROM entry WHERE day = %s FOR UPDATE",
)
API_TRAILS: dict[str, tuple[str, ...]] = {
    "": (),
    "cart": (
        "redis GET prices:eu:version",
        "query SELECT price.sku, price.amount FROM price WHERE price.market = $$1",
        *CART,
    ),
    "voucher": (
        *CART,
        "query SELECT voucher.code, voucher.kind, voucher.terms, voucher.valid_until FROM voucher "
        "WHERE voucher.code = $$1",
    ),
    "address": ADDRESS,
    "offers": OFFERS,
    "reservation": RESERVATION,
    "order": ORDER,
    "customer": (
        *CUSTOMER,
        "log sqlalchemy.pool warning 30 of 30 connections are in use",
    ),
    "known order": (
        *CUSTOMER,
        "query SELECT orders.id, orders.total, orders.state FROM orders WHERE orders.id = $$1 AND "
        "orders.customer_id = $$2",
        "query SELECT order_line.id, order_line.sku, order_line.paid FROM order_line WHERE "
        "order_line.order_id IN ($$1)",
    ),
    "cached product": PRODUCT[:1],
    "product": PRODUCT,
    "similar": (*PRODUCT, "redis SET product:de:$slug"),
    "category": (
        *PRODUCT,
        "redis SET product:de:$slug",
        "http POST http://neighbours.internal/v1/nearest 200",
    ),
    "facets": ("redis GET facets:$category",),
    "search": (
        "redis GET facets:$category",
        "http POST http://search-1:9200/indexes/products/search 200",
    ),
    "sign-in": ("redis INCR limit:sign-in:$customer_id", *ACCOUNT),
    "account": (
        *CUSTOMER,
        *ACCOUNT,
        "query SELECT orders.id, orders.total FROM orders WHERE orders.customer_id = $$1 ORDER BY "
        "orders.id DESC LIMIT 5",
    ),
    "charge": (
        "query SELECT id, plan_id, currency, started_on FROM subscription WHERE id = %s",
        "http GET https://api.payrail.example/v1/customers/cus_$hex 200",
        "query SELECT amount FROM plan_price WHERE plan_id = %s AND currency = %s",
        "log billing.payments info Charging sub-$number-$month",
    ),
    "snapshot": SNAPSHOT,
    "invoice": (
        *SNAPSHOT,
        "query BEGIN",
        "query SELECT max(serial) FROM invoice WHERE year = %s",
        "query INSERT INTO invoice (number, order_id, buyer, total) VALUES (%s, %s, %s, %s)",
    ),
    "bank": BANK,
    "match": (*BANK, "query SELECT number, total FROM invoice WHERE paid_on IS NULL"),
    "remind": (
        "redis SET billing:dunning:$today",
        "query SELECT number, customer_email, reminders FROM invoice WHERE paid_on IS NULL AND "
        "date <= %s",
        "log billing.dunning info 215 invoices are two weeks late",
    ),
    "entries": ENTRIES,
    "statement": (
        *ENTRIES,
        "query SELECT day, value FROM rate WHERE source = %s AND target = %s AND day <= %s",
    ),
    "closing": CLOSING,
    "sales": (*CLOSING, "http GET http://shop-api.internal/reports/sales?day=$yesterday 200"),
}
PAGE_TRAILS: dict[str, tuple[str, ...]] = {
    "home": (
        "nav / -> /",
        "fetch GET /api/session 200",
        "click button.consent-accept",
        "fetch GET /api/recommendations?market=eu 200",
    ),
    "search": (
        "nav / -> /search",
        "click input#search",
        "input input#search",
        "fetch GET /api/suggest?q=$query 200",
        "fetch GET /api/search?q=$query 200",
        "click label.filter > input[name='colour']",
        "nav /search -> /products?category=$category",
    ),
    "product": (
        "nav /products?category=$category -> /products/$slug",
        "fetch GET /api/products/$slug 200",
        "click button.variant[data-size='42']",
        "fetch GET /api/stock/$sku 200",
        "click button.gallery-next",
    ),
    "cart": (
        "nav / -> /products/$slug",
        "fetch GET /api/products/$slug 200",
        "click button#add-to-cart.primary",
        "fetch POST /api/carts/$cart_id/lines 201",
        "click a.cart-badge > svg",
        "nav /products/$slug -> /cart",
    ),
    "checkout": (
        "nav /products/$slug -> /cart",
        "fetch GET /api/carts/$cart_id 200",
        "click button#checkout.primary",
        "nav /cart -> /checkout/address",
        "input input#postcode",
        "fetch POST /api/addresses 201",
        "click button[type='submit'] > span",
        "nav /checkout/address -> /checkout/delivery",
        "fetch GET /api/shipping/offers?zone=$zone 200",
        "click input#delivery-standard",
        "nav /checkout/delivery -> /checkout/pay",
    ),
    "account": (
        "nav / -> /account",
        "fetch GET /api/account 200",
        "click a.account-orders",
        "fetch GET /api/orders?limit=5 200",
    ),
}
