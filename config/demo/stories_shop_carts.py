"""shop-api, carts: reading them, and what they cost."""

from config.demo.story import Story, after, all_along, between, raised

SHOW_CART = "GET /carts/{cart_id}"

STORIES = (
    Story(
        # 5.19.0 reads a key that carts in Redis do not have until they are saved again.
        name="cart-without-currency",
        waves=after(640, since_h=5.4, half_life_h=0.8),
        place=SHOW_CART,
        environment="production",
        trail="cart",
        failures=(
            raised(
                "KeyError",
                "'currency'",
                "show_cart: await carts.load_cart",
                "load_cart: return decode_cart",
                'decode_cart: raw["currency"]',
            ),
        ),
    ),
    Story(
        name="northern-ireland",
        waves=all_along(34),
        place=SHOW_CART,
        trail="cart",
        tags={"market": "uk"},
        failures=(
            raised(
                "KeyError",
                "'XI'",
                "show_cart: price_lines",
                "price_lines: tax_on",
                "tax_on: TAX_RATES[region]",
            ),
        ),
    ),
    Story(
        name="line-without-price",
        waves=between(29, since_h=118, until_h=12),
        place=SHOW_CART,
        trail="cart",
        failures=(
            raised(
                "TypeError",
                "'<' not supported between instances of 'NoneType' and 'decimal.Decimal'",
                "show_cart: price_lines",
                "price_lines: cheapest_first = sorted",
            ),
        ),
    ),
)
