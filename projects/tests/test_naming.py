"""Addresses and prefixes from names."""

import pytest

from projects.naming import derive_prefix, derive_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Shop", "shop"),
        ("Café Shop", "cafe-shop"),
        ("  a -- b  ", "a-b"),
        ("магазин", "project"),
        ("x" * 100, "x" * 90),
        # The address of the form that makes projects.
        ("New", "new-2"),
    ],
)
def test_slug_is_the_name_as_an_address(name: str, slug: str) -> None:
    assert derive_slug(name, set()) == slug


def test_slug_avoids_those_taken() -> None:
    assert derive_slug("Shop", {"shop", "shop-2"}) == "shop-3"


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Shop", "SHOP"),
        ("checkout-service", "CHECKOUT"),
        ("Notifications", "NOTIFICA"),
        ("Team mail gateway", "TMG"),
        ("3scale", "SCALE"),
        ("42", "P"),
        ("магазин", "P"),
    ],
)
def test_prefix_is_short_and_begins_with_a_letter(name: str, prefix: str) -> None:
    assert derive_prefix(name, set()) == prefix


def test_prefix_avoids_those_taken() -> None:
    assert derive_prefix("Shop", {"SHOP"}) == "SHOP2"
