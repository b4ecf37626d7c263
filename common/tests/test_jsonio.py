"""JSON as clients really send it."""

from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.jsonio import MAX_DEPTH, TOO_DEEP, JsonError, dumps, loads

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_written_is_read(value: Any) -> None:
    assert loads(dumps(value)) == value


@given(VALUES)
def test_the_tolerant_reader_agrees_with_the_fast_one(value: Any) -> None:
    text = dumps(value)
    assert loads(b"\xef\xbb\xbf" + text) == orjson.loads(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a": NaN}', {"a": "NaN"}),
        (b"[Infinity, -Infinity]", ["Infinity", "-Infinity"]),
        (b"1e999", "1e999"),
        (b"9" * 5000, "9" * 5000),
        (b"[NaN, 18446744073709551616]", ["NaN", 2.0**64]),
        (b"[NaN, 1234567890123456789]", ["NaN", 1234567890123456789]),
        (rb'"\ud800"', "\ufffd"),
        (rb'"\udc00\ud83d\ude00"', "\ufffd\U0001f600"),
        (rb'"\\ud800 \ud800"', "\\ud800 \ufffd"),
        (b'"\xff"', "\ufffd"),
        (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd"),
        (b'"a\x00b\n"', "a\x00b\n"),
        (rb'"\u0000"', "\x00"),
    ],
)
def test_what_json_forbids_is_tolerated(text: bytes, value: Any) -> None:
    assert loads(text) == value


def test_deep_nesting_is_cut_and_the_rest_kept() -> None:
    value = loads(b'{"deep":' + b"[" * 5000 + b"]" * 5000 + b',"message":"[[ here \\" ]]"}')

    assert value["message"] == '[[ here " ]]'
    deep = value["deep"]
    for _ in range(MAX_DEPTH - 1):
        (deep,) = deep
    assert deep == TOO_DEEP


@pytest.mark.parametrize("text", [b"", b"{", b"[1,", b"{} x", b"'a'", b'"' + b'\\"' * 100_000])
def test_what_is_no_json_names_the_position(text: bytes) -> None:
    with pytest.raises(JsonError, match=r"at character \d+$") as caught:
        loads(text)
    assert 0 <= caught.value.position <= len(text)


@pytest.mark.parametrize("text", [b"[" * 200_000, b'{"a":' * 200_000])
def test_endless_nesting_is_an_error_like_any_other(text: bytes) -> None:
    with pytest.raises(JsonError):
        loads(text)


@given(st.binary(max_size=200))
def test_noise_raises_nothing_else(data: bytes) -> None:
    with suppress(JsonError):
        loads(data)


def test_what_orjson_refuses_is_written() -> None:
    assert dumps({"a\ud800": "\udfff", 1: 2**80}) == (
        b'{"a\\ufffd":"\\ufffd","1":1208925819614629174706176}'
    )


def test_a_value_of_no_json_type_is_a_programmers_error() -> None:
    with pytest.raises(TypeError):
        dumps({"a": object()})
