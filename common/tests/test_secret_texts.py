"""Secrets: made, known by their hash, judged."""

import pytest

from common.secret_texts import (
    hash_secret,
    is_sendable,
    make_secret,
    take_secret,
    weakness,
)


def test_a_made_secret_has_256_random_bits_behind_its_prefix() -> None:
    secret = make_secret("cak")
    kind, number, rest = secret.text.split("_", 2)
    assert (kind, len(number), len(rest)) == ("cak", 8, 43)
    assert secret.prefix == f"cak_{number}"
    assert secret.text != make_secret("cak").text


def test_only_the_hash_of_a_secret_leads_back_to_it() -> None:
    secret = make_secret("cak")
    assert hash_secret(secret.text) == secret.secret_hash
    assert len(secret.secret_hash) == 64
    assert secret.text not in secret.secret_hash


def test_of_a_short_imported_secret_nothing_is_shown() -> None:
    assert take_secret("abcdefghijklmnopqrstuvwxyz").prefix == ""
    assert take_secret("0123456789" * 4).prefix == "0123"


def test_made_secrets_are_sendable_and_strong() -> None:
    text = make_secret("cak").text
    assert is_sendable(text)
    assert weakness(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("abc123", "fewer than 20 characters"),
        ("aaaaaaaaaabbbbbbbbbbcccccccccc", "fewer than 8 different"),
        ("change-me-to-something-else", "placeholder"),
        ("your_api_key_0123456789", "placeholder"),
    ],
)
def test_secrets_that_somebody_thought_up_are_weak(text: str, why: str) -> None:
    assert why in weakness(text)


@pytest.mark.parametrize(
    "text", ["", "two words", "tab\there", "schlüssel", "x" * 257, "a\r\nb: c"]
)
def test_what_no_header_carries_is_no_secret(text: str) -> None:
    assert not is_sendable(text)


def test_a_key_with_a_lone_surrogate_has_a_hash_all_the_same() -> None:
    assert len(hash_secret("\ud800")) == 64
