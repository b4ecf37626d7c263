"""Scrubbing events: by key, by text, in every place that holds what a client wrote."""

import copy
import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.events import make_event
from errors.normalize import normalize_event
from errors.scrub import DEFAULT_POLICY, FILTERED, ScrubPolicy, scrub_event, scrub_value

CARD = "4111 1111 1111 1111"
TOKEN = "Bearer abcdef123456"


def event_of(raw: dict[str, Any]) -> dict[str, Any]:
    return normalize_event(
        raw, event_id="a" * 32, received_at=1.79e9, sent_at=None, client_ip=None
    ).event


def scrub(raw: dict[str, Any], policy: ScrubPolicy = DEFAULT_POLICY) -> dict[str, Any]:
    return scrub_event(event_of(raw), policy)


@pytest.mark.parametrize(
    "key",
    [
        *["password", "PASSWORD_HASH", "passwd", "dbPwd", "client_secret", "api_key", "apikey"],
        *["X-Api-Key", "authorization", "oauth", "aws_credentials", "private_key", "privateKey"],
        *["access_token", "otp_code", "csrfmiddlewaretoken", "xsrf", "sessionid", "PHPSESSID"],
        *["session_id", "connect.sid", "Cookie", "Set-Cookie"],
    ],
)
def test_sensitive_key_hides_its_value(key: str) -> None:
    assert scrub_value({"outer": [{key: "x", "other": "x"}]}, DEFAULT_POLICY) == {
        "outer": [{key: FILTERED, "other": "x"}]
    }


@pytest.mark.parametrize("key", ["user", "cart", "session", "cookie_banner", "passenger", "keys"])
def test_harmless_key_keeps_its_value(key: str) -> None:
    assert scrub_value({key: "x"}, DEFAULT_POLICY) == {key: "x"}


@pytest.mark.parametrize("value", [5, 1.5, ["a"], {"b": 1}, "x"])
def test_anything_under_a_sensitive_key_is_hidden(value: Any) -> None:
    assert scrub_value({"token": value}, DEFAULT_POLICY) == {"token": FILTERED}


@pytest.mark.parametrize("value", [None, True, False, "", [], {}])
def test_what_holds_no_secret_says_whether_one_was_there(value: Any) -> None:
    assert scrub_value({"token": value}, DEFAULT_POLICY) == {"token": value}


def test_every_part_of_an_event_is_scrubbed() -> None:
    frame = {
        "function": "pay",
        "vars": {"password": "x", "deep": [{"api_key": "x"}], "card": CARD},
        "pre_context": [f"card = '{CARD}'"],
        "context_line": "url = 'https://a:hunter2@b/'",
        "post_context": [f"auth = '{TOKEN}'"],
    }
    event = scrub(
        {
            "logentry": {"message": "%s", "params": [TOKEN]},
            "exception": {"type": "E", "value": CARD, "stacktrace": {"frames": [frame]}},
            "threads": [{"id": 1, "stacktrace": {"frames": [dict(frame)]}}],
            "breadcrumbs": [{"message": CARD, "data": {"url": "/a?token=x"}}, {"message": "ok"}],
            "request": {
                "url": "https://a:hunter2@shop/",
                "query_string": "token=x&page=1",
                "headers": {"Authorization": "Basic x", "X-Note": TOKEN, "Cookie": "sid=x; a=b"},
                "data": {"password": "x", "items": [1]},
                "env": {"SECRET_KEY": "x"},
            },
            "user": {"id": "5", "data": {"token": "x"}},
            "tags": {"api_key": "x", "note": CARD, "plan": "pro"},
            "contexts": {"app": {"secret": "x", "name": "shop"}, "auth": {"user": "x"}},
            "extra": {"passwd": "x", "text": f"to {CARD}"},
            "transaction": "/reset?token=x",
        }
    )
    text = orjson.dumps(event).decode()
    assert not [
        secret for secret in (CARD, "abcdef123456", "hunter2", '"x"', "=x") if secret in text
    ]
    assert (
        event["exception"]["values"][0]["stacktrace"] == event["threads"]["values"][0]["stacktrace"]
    )
    assert event["request"] == {
        "url": "https://a:[Filtered]@shop/",
        "query_string": [["token", FILTERED], ["page", "1"]],
        "headers": [["Authorization", FILTERED], ["X-Note", "Bearer [Filtered]"]],
        "cookies": [["sid", FILTERED], ["a", "b"]],
        "data": {"password": FILTERED, "items": [1]},
        "env": {"SECRET_KEY": FILTERED},
    }
    assert event["tags"] == [["api_key", FILTERED], ["note", FILTERED], ["plan", "pro"]]
    assert event["contexts"] == {
        "app": {"secret": FILTERED, "name": "shop"},
        "auth": {"user": FILTERED},
    }
    assert event["breadcrumbs"]["values"] == [
        {"message": FILTERED, "data": {"url": "/a?token=[Filtered]"}},
        {"message": "ok"},
    ]


def test_names_of_code_are_left_alone() -> None:
    url = "https://a:hunter2@cdn.example.com/app.js"
    code = {"module": "auth='x'", "function": "token(auth='x')", "package": "auth=x"}
    frame = {"filename": url, "abs_path": url, **code}
    raw = {
        "exception": {"type": "Token(auth='x')", "module": CARD, "stacktrace": {"frames": [frame]}},
        "debug_meta": {"images": [{"code_file": "/lib/auth", "token": CARD}]},
        "modules": {"google-auth": "2.1", "django-otp": "1.3"},
        "message": "5555 5555 5555 4444",
    }
    before = copy.deepcopy(event_of(raw))
    after = scrub(raw)
    assert after["logentry"] == {"formatted": FILTERED}
    for part in ("exception", "debug_meta", "modules"):
        assert after[part] == before[part]


def test_ids_of_the_protocol_are_no_card_numbers() -> None:
    trace = {"trace_id": "4111111111111111" * 2, "span_id": "4111111111111111"}
    event = scrub({"contexts": {"trace": dict(trace)}, "extra": {"token": "x"}})
    assert event["contexts"]["trace"] == trace
    assert event["event_id"] == "a" * 32


def test_whole_numbers_can_be_cards() -> None:
    value = {"card": 4111111111111111, "count": 4111111111111112, "ratio": 4111111111111111.5}
    assert scrub_value(value, DEFAULT_POLICY) == value | {"card": FILTERED}


def test_project_adds_sensitive_and_safe_names() -> None:
    policy = ScrubPolicy(sensitive_fields=("iban", "Kunde"), safe_fields=("token_count", "AUTHOR"))
    value = {"my_iban": "1", "kundennummer": 5, "token_count": 7, "author": "Ana", "token": "x"}
    assert scrub_value(value, policy) == value | {
        "my_iban": FILTERED,
        "kundennummer": FILTERED,
        "token": FILTERED,
    }


def test_policy_can_drop_addresses() -> None:
    raw = {
        "user": {"ip_address": "203.0.113.7"},
        "request": {
            "env": {"REMOTE_ADDR": "203.0.113.7", "SERVER_NAME": "web"},
            "headers": {"X-Forwarded-For": "203.0.113.7", "Accept": "*/*"},
        },
    }
    event = scrub(raw, ScrubPolicy(drop_ip_addresses=True))
    assert "user" not in event
    assert event["request"] == {"env": {"SERVER_NAME": "web"}, "headers": [["Accept", "*/*"]]}
    assert b"203.0.113.7" not in orjson.dumps(event)
    assert b"203.0.113.7" in orjson.dumps(scrub(raw))


def test_value_without_secrets_is_returned_as_it_is() -> None:
    value = {"a": [1, {"b": "plain"}]}
    assert scrub_value(value, DEFAULT_POLICY) is value


@pytest.mark.parametrize("value", ["\ud800", {"n": 2**70, "token": "x"}, float("nan")])
def test_value_that_does_not_serialise_is_walked(value: Any) -> None:
    scrubbed = scrub_value(value, DEFAULT_POLICY)
    assert not isinstance(scrubbed, dict) or scrubbed["token"] == FILTERED


def test_absurd_nesting_is_filtered() -> None:
    deep: Any = CARD
    for _ in range(900):
        deep = [deep]
    assert CARD not in str(scrub_value(deep, DEFAULT_POLICY))


@pytest.mark.parametrize(
    "secret",
    [
        '{"message": "\\u0042earer abcdef123456"}',
        '{"message": "https:\\/\\/a:hunter2@b"}',
        '{"message": "x\\n4111111111111111"}',
        '{"message": "\\u00e94111111111111111"}',
        '{"message": "\\t4111111111111111"}',
        '{"extra": {"pass\\u0077ord": "x1"}}',
        '{"extra": {"password" : "x1"}}',
        '{"extra": {"a\\"password": "x1"}}',
        '{"extra": {"password\\"": "x1"}}',
        '{"request": {"data": "card=4111+1111+1111+1111&x1"}}',
        '{"request": {"query_string": "a=Bearer%20abcdef123456"}}',
        '{"logentry": {"message": "Bearer %s", "params": ["abcdef123456"]}}',
        '{"tags": {"note": "4111\\n1111\\n1111 1111"}}',
        '{"modules": {"auth": "1"}, "extra": {"auth": "x1"}}',
        '{"extra": {"a": "\\u0027token\\u0027: \\u0027x1\\u0027"}}',
        '{"extra": {"a": [ "b\'cookie\'" , "x1" ]}}',
        '{"extra": {"a": "\\ncookie=\'x1\'"}}',
        '{"extra": {"a": "AB12 3456 7890 TOKEN=\'x1\'"}}',
        '{"extra": {"a": "otp=a?token=x1)"}}',
        '{"extra": {"a": "token=None token=None token=x1"}}',
        '{"extra": {"a": "{\\"token\\":\\"x1\\"}"}}',
        '{"breadcrumbs": [{"message": {"a": {"token": "x1"}}}]}',
    ],
)
def test_raw_text_hides_no_secret(secret: str) -> None:
    raw_text = secret.encode()
    with_text = scrub_event(event_of(orjson.loads(secret)), DEFAULT_POLICY, raw_text=raw_text)
    assert with_text == scrub(orjson.loads(secret))
    assert FILTERED in orjson.dumps(with_text).decode()


def test_broken_character_in_the_raw_text_hides_no_secret() -> None:
    raw = {"extra": {"password\ufffd": "x1"}}
    raw_text = orjson.dumps(raw).replace("\ufffd".encode(), b"\xff")
    event = scrub_event(event_of(raw), DEFAULT_POLICY, raw_text=raw_text)
    assert event["extra"] == {"password\ufffd": FILTERED}


def test_locals_of_a_web_server_keep_no_secret() -> None:
    scope = {"headers": [["b'host'", "b'shop'"], ["b'cookie'", "b'sessionid=feedbeef; a=b'"]]}
    body = '{"password":"hunter2","card":"4111 1111 1111 1111"}'
    frames = [
        {"function": "app", "vars": {"scope": scope}},
        {"function": "handle", "vars": {"body_bytes": repr(body.encode()), "text": repr(body)}},
        {"function": "run", "vars": {"func": f"partial(pay, order={{'x': {orjson.loads(body)}}})"}},
        {"function": "pay", "context_line": 'password = "hunter2"', "pre_context": ["otp(a, b)"]},
    ]
    event = scrub({"exception": {"type": "E", "stacktrace": {"frames": frames}}})
    app, handle, run, pay = event["exception"]["values"][0]["stacktrace"]["frames"]
    assert app["vars"]["scope"]["headers"] == [["b'host'", "b'shop'"], ["b'cookie'", FILTERED]]
    hidden = '{"password":"[Filtered]","card":"[Filtered]"}'
    assert handle["vars"] == {"body_bytes": repr(hidden.encode()), "text": repr(hidden)}
    assert run["vars"] == {"func": f"partial(pay, order={{'x': {orjson.loads(hidden)}}})"}
    assert pay["context_line"] == 'password = "[Filtered]"'
    assert pay["pre_context"] == ["otp(a, b)"]


def test_parts_of_a_fingerprint_are_no_pair() -> None:
    event = scrub({"fingerprint": ["auth-failed", "eu"], "extra": {"parts": ["auth-failed", "eu"]}})
    assert event["fingerprint"] == ["auth-failed", "eu"]
    assert event["extra"] == {"parts": ["auth-failed", FILTERED]}


def test_headers_that_carry_cookies_are_hidden() -> None:
    headers = {"Cookie": "a=b", "Set-Cookie": "a=b", "X-Cookie-Banner": "blue"}
    event = scrub({"request": {"headers": headers}})
    assert event["request"] == {
        "headers": [["Set-Cookie", FILTERED], ["X-Cookie-Banner", "blue"]],
        "cookies": [["a", "b"]],
    }


def test_installed_packages_are_no_secrets() -> None:
    raw = {"modules": {"google-auth": "2.1", "a": "1"}, "message": "ok", "extra": {"a": 5}}
    event = event_of(copy.deepcopy(raw))
    assert scrub_event(copy.deepcopy(event), DEFAULT_POLICY, raw_text=orjson.dumps(raw)) == event


@pytest.mark.parametrize("serial", range(10))
def test_realistic_event_has_nothing_to_scrub(serial: int) -> None:
    raw = make_event(serial, serial)
    raw_text = orjson.dumps(raw)
    event = event_of(raw)
    before = copy.deepcopy(event)
    assert scrub_event(event, DEFAULT_POLICY, raw_text=raw_text) == before


secrets = st.sampled_from(
    [
        *[CARD, "4111111111111111", "DE89370400440532013000", TOKEN, "://a:b@", "eyJ", "?"],
        *["-----BEGIN KEY-----", "&otp=1", "token", "password", "cookie", "'token'", '"otp"'],
        *[
            ": ",
            "=",
            ", ",
            "'",
            '"',
            "b'",
            "\\'",
            '\\"',
            "[",
            "(",
            "{",
            "]",
            ")",
            "}",
            "[Filtered]",
        ],
        *["None", "%s", "12", " ", "\n", "\\", "-", ".", "…", "\v"],
    ]
)
texts = st.lists(secrets | st.text(max_size=2), max_size=8).map("".join)
keys = texts | st.sampled_from(["password", "a", "token", "data", "event_id", "b'cookie'"])
values = st.recursive(
    texts | st.integers(-(2**63), 2**63 - 1) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=200, deadline=None)
@given(values)
def test_nothing_that_matches_is_left(value: Any) -> None:
    scrubbed = scrub_value(copy.deepcopy(value), DEFAULT_POLICY)
    assert scrub_value(copy.deepcopy(scrubbed), DEFAULT_POLICY) == scrubbed


@settings(max_examples=200, deadline=None)
@given(values, values, st.booleans())
def test_scan_finds_whatever_the_walk_would(extra: Any, message: Any, is_ascii: bool) -> None:
    raw = {"message": message, "extra": {"value": extra}, "breadcrumbs": [{"data": {"v": extra}}]}
    raw_text = json.dumps(raw).encode() if is_ascii else orjson.dumps(raw)
    with_text = scrub_event(event_of(copy.deepcopy(raw)), DEFAULT_POLICY, raw_text=raw_text)
    assert with_text == scrub(copy.deepcopy(raw))
