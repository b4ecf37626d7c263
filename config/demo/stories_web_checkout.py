"""shop-web, checkout in the browser: cart, addresses, payment."""

from config.demo.story import Story, after, all_along, between, outage, raised

STORIES = (
    Story(
        name="line-without-product",
        waves=all_along(236),
        place="/cart",
        trail="cart",
        failures=(
            raised(
                "TypeError",
                "Cannot read properties of undefined (reading 'price')",
                "core/router.js:88:13 navigate",
                "cart/page.js:41:9 render",
                "cart/summary.js:27:22 renderLines",
                "cart/summary.js:52:31 lineTotal",
                elsewhere={
                    "Firefox": 'can\'t access property "price", line.product is undefined',
                    "Safari": "undefined is not an object (evaluating 'line.product.price')",
                },
            ),
        ),
    ),
    Story(
        # The other end of shop-api's cart without a currency.
        name="cart-answers-500",
        waves=after(410, since_h=5.4, half_life_h=0.8),
        place="/cart",
        trail="cart",
        steps=("fetch GET /api/carts/$cart_id 500",),
        mechanism="auto.browser.global_handlers.onunhandledrejection",
        failures=(
            raised(
                "ApiError",
                "GET /api/carts answered 500",
                "cart/page.js:33:24 async load",
                "core/api.js:64:11 async request",
                "core/api.js:92:15 rejectFailure",
            ),
        ),
    ),
    Story(
        name="currency-undefined",
        waves=after(64, since_h=5.2, half_life_h=1.4),
        place="/checkout/pay",
        trail="checkout",
        failures=(
            raised(
                "TypeError",
                "Currency code is required with currency style.",
                "checkout/pay.js:112:17 showTotal",
                "core/money.js:14:10 formatMoney",
                elsewhere={"Firefox": "undefined currency in NumberFormat() with currency style"},
            ),
        ),
    ),
    Story(
        name="totals-differ",
        waves=all_along(87),
        place="/checkout/review",
        trail="checkout",
        mechanism="generic",
        is_handled=True,
        tags={"checkout.variant": "one-page"},
        failures=(
            raised(
                "TotalsDifferError",
                "cart says $amount EUR, order says $other_amount EUR",
                "checkout/review.js:58:9 async confirm",
                "checkout/totals.js:31:11 assertSameTotal",
            ),
        ),
    ),
    Story(
        name="payment-script-missing",
        waves=(*outage(118, since_h=67, minutes=41), *all_along(54)),
        place="/checkout/pay",
        trail="checkout",
        steps=("console error Loading failed for https://js.payrail.example/v3/sheet.js",),
        mechanism="generic",
        is_handled=True,
        failures=(
            raised(
                "PaymentSheetError",
                "the provider's script did not load within 8 s",
                "checkout/pay.js:46:20 async openSheet",
                "checkout/payrail.js:23:13 async loadSheet",
                "core/scripts.js:39:17 onTimeout",
            ),
        ),
    ),
    Story(
        name="apple-pay-twice",
        waves=between(41, since_h=140),
        place="/checkout/pay",
        trail="checkout",
        steps=("click button.apple-pay", "click button.apple-pay"),
        tags={"payment.method": "apple-pay"},
        browsers=frozenset({"Safari"}),
        failures=(
            raised(
                "InvalidAccessError",
                "Page already has an active payment session.",
                "checkout/pay.js:139:5 onApplePay",
                "checkout/apple-pay.js:61:11 begin",
            ),
        ),
    ),
    Story(
        name="delivery-date",
        waves=between(72, since_h=160, until_h=49),
        resolved_h=44,
        place="/checkout/delivery",
        trail="checkout",
        failures=(
            raised(
                "RangeError",
                "Invalid time value",
                "checkout/delivery.js:44:14 renderOffers",
                "checkout/delivery.js:71:29 deliveryDay",
                "core/dates.js:19:36 formatDay",
                elsewhere={"Firefox": "date value is not finite in DateTimeFormat.format()"},
            ),
        ),
    ),
    Story(
        name="postcode-pattern",
        waves=all_along(38),
        place="/checkout/address",
        trail="checkout",
        browsers=frozenset({"Safari"}),
        failures=(
            raised(
                "SyntaxError",
                "Invalid regular expression: invalid group specifier name",
                "checkout/address.js:97:8 validate",
                "checkout/postcodes.js:33:12 postcodePattern",
            ),
        ),
    ),
    Story(
        name="focus-on-nothing",
        waves=all_along(49),
        place="/checkout/address",
        trail="checkout",
        failures=(
            raised(
                "TypeError",
                "Cannot read properties of null (reading 'focus')",
                "checkout/address.js:123:7 showProblems",
                "core/forms.js:58:44 focusFirst",
                elsewhere={
                    "Firefox": 'can\'t access property "focus", field is null',
                    "Safari": "null is not an object (evaluating 'field.focus')",
                },
            ),
        ),
    ),
    Story(
        name="slow-checkout",
        waves=all_along(76),
        place="/checkout/pay",
        trail="checkout",
        level="warning",
        message="Payment sheet took longer than 10 s to open",
    ),
)
