"""shop-api: vouchers, refunds, carriers, and what the payment provider tells us."""

from config.demo.library_frames import HTTPCORE_CONNECT, HTTPX_ERROR
from config.demo.story import Story, all_along, between, outage, raised

WEBHOOK = "POST /webhooks/payrail"
VOUCHER = "POST /carts/{cart_id}/voucher"
VOUCHER_BODY = {"code": "$voucher"}

STORIES = (
    Story(
        name="voucher-time-zones",
        waves=between(71, since_h=165, until_h=50),
        resolved_h=47,
        place=VOUCHER,
        body=VOUCHER_BODY,
        trail="voucher",
        failures=(
            raised(
                "TypeError",
                "can't compare offset-naive and offset-aware datetimes",
                "apply_voucher: is_redeemable",
                "is_redeemable: valid_until < at",
            ),
        ),
    ),
    Story(
        name="voucher-with-a-comma",
        waves=all_along(24),
        place=VOUCHER,
        body=VOUCHER_BODY,
        trail="voucher",
        failures=(
            raised(
                "decimal.InvalidOperation",
                "[<class 'decimal.ConversionSyntax'>]",
                "apply_voucher: discount_of",
                'discount_of: Decimal(voucher.terms["percent"])',
            ),
        ),
    ),
    Story(
        name="webhook-signature",
        waves=outage(13, since_h=99, minutes=150),
        resolved_h=92,
        place=WEBHOOK,
        has_user=False,
        failures=(
            raised(
                "shop.checkout.signatures.BadSignature",
                "no current key made the signature of $unix",
                "payrail_webhook: verify_signature",
                "verify_signature: raise BadSignature",
            ),
        ),
    ),
    Story(
        name="webhook-without-body",
        waves=all_along(11),
        place=WEBHOOK,
        has_user=False,
        failures=(
            raised(
                "json.decoder.JSONDecodeError",
                "Expecting value: line 1 column 1 (char 0)",
                "payrail_webhook: json.loads",
                "json.loads",
                "json.decoder.raw_decode",
                locals={"body": "b''"},
            ),
        ),
    ),
    Story(
        name="webhook-header-missing",
        waves=between(8, since_h=76),
        place=WEBHOOK,
        has_user=False,
        failures=(
            raised(
                "ValueError",
                "dictionary update sequence element #0 has length 1; 2 is required",
                "payrail_webhook: verify_signature",
                "verify_signature: parts = dict",
            ),
        ),
    ),
    Story(
        name="refund-of-a-refunded-line",
        waves=between(19, since_h=140),
        place="POST /orders/{order_id}/refunds",
        body={"lines": "[$number]", "reason": "damaged"},
        trail="known order",
        tags={"staff": "yes"},
        failures=(
            raised(
                "KeyError",
                "$number",
                "refund_order: plan_refund",
                "plan_refund: by_id[line_id]",
            ),
        ),
    ),
    Story(
        name="carrier-unreachable",
        waves=(*outage(67, since_h=93, minutes=25), *outage(31, since_h=19.4, minutes=9)),
        place="POST /orders",
        body={"cart_id": "$cart_id", "address_id": "$number", "payment_method": "card"},
        trail="address",
        failures=(
            raised("httpcore.ConnectError", "All connection attempts failed", *HTTPCORE_CONNECT),
            raised(
                "httpx.ConnectError",
                "All connection attempts failed",
                "place_order: await quote_shipping",
                "quote_shipping: await fetch_offers",
                "fetch_offers: await carriers.get",
                *HTTPX_ERROR,
            ),
        ),
    ),
    Story(
        name="no-carrier-to-zone",
        waves=all_along(22),
        place="POST /orders",
        body={"cart_id": "$cart_id", "address_id": "$number", "payment_method": "invoice"},
        trail="offers",
        failures=(
            raised(
                "ValueError",
                "min() iterable argument is empty",
                "place_order: await quote_shipping",
                "quote_shipping: return min",
                locals={"offers": "[]", "in_time": "[]", "zone": "'$zone'"},
            ),
        ),
    ),
)
