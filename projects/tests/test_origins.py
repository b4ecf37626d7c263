"""Allowed origins as people type them."""

import pytest
from django.core.exceptions import ValidationError

from projects.origins import check_origins


def test_origins_are_trimmed_lowered_and_unique() -> None:
    text = " https://Shop.example.com/ \n\nhttps://shop.example.com\nhttp://localhost:3000"
    assert check_origins(text) == "https://shop.example.com\nhttp://localhost:3000"


@pytest.mark.parametrize(
    "origin",
    ["*", "shop.example.com", "*.example.com", "http://[::1]:8000", "capacitor://localhost"],
)
def test_what_accept_reads_may_be_typed(origin: str) -> None:
    assert check_origins(origin) == origin


@pytest.mark.parametrize(
    "text", ["https://", "https://a b", "https://a.example/path", "*.*", "**", "<script>"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match=r"like https://shop\.example\.com"):
        check_origins(f"*\n{text}")
