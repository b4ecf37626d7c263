"""Grouping: fingerprints from the client and from rules, and rules for stack traces."""

from collections.abc import Callable
from typing import Any

import pytest

from errors.grouping import (
    GroupingRules,
    RuleError,
    group_event,
    parse_fingerprint_rules,
    parse_stack_trace_rules,
)

FRAMES = [
    {"module": "django.db", "function": "get", "in_app": False, "abs_path": "/v/django/db.py"},
    {"module": "shop.cart", "function": "pay", "in_app": True, "abs_path": "/srv/shop/cart.py"},
    {"module": "shop.vendored.retry", "function": "call", "in_app": True, "filename": "retry.py"},
    {"module": "panics", "function": "raise_it", "in_app": True, "package": "libpanic"},
]


def event(**changes: Any) -> dict[str, Any]:
    exception = {"type": "DbError", "value": "connection 5 lost", "stacktrace": {"frames": FRAMES}}
    base = {
        "platform": "python",
        "level": "error",
        "logger": "shop.db",
        "release": "1.2",
        "environment": "production",
        "transaction": "/pay",
        "tags": [["region", "eu"]],
        "logentry": {"formatted": "it broke"},
        "exception": {"values": [exception]},
    }
    return base | changes


def fingerprint_rules(text: str) -> GroupingRules:
    return GroupingRules(fingerprint_rules=parse_fingerprint_rules(text))


def stack_rules(text: str) -> GroupingRules:
    return GroupingRules(stack_trace_rules=parse_stack_trace_rules(text))


def app_of(text: str) -> list[int]:
    stack = group_event(event(), stack_rules(text)).explanation["parts"][0]["stack"]
    app: list[int] = stack["app"]
    return app


def test_client_fingerprint_decides_alone() -> None:
    one = group_event(event(fingerprint=["db", "down"]))
    two = group_event({"platform": "go", "fingerprint": ["db", "down"]})
    assert one == two
    assert one.secondary is None
    assert one.explanation == {
        "strategy": "fingerprint",
        "fingerprint": ["db", "down"],
        "source": "client",
    }


@pytest.mark.parametrize("written", ["{{ default }}", "{{default}}", "{{ Default }}"])
def test_default_alone_leaves_it_to_the_algorithm(written: str) -> None:
    assert group_event(event(fingerprint=[written])) == group_event(event())


def test_default_with_more_refines_both_hashes() -> None:
    plain = group_event(event())
    refined = group_event(event(fingerprint=["{{ default }}", "eu"]))
    assert refined.primary not in (plain.primary, plain.secondary)
    assert refined.secondary not in (None, plain.primary, plain.secondary)
    assert refined == group_event(event(fingerprint=["{{ default }}", "eu"]))
    assert refined != group_event(event(fingerprint=["{{ default }}", "us"]))
    assert refined.explanation["parts"] == plain.explanation["parts"]
    assert refined.explanation["fingerprint"] == ["{{ default }}", "eu"]


def test_project_rule_comes_before_the_client() -> None:
    rules = fingerprint_rules("error.type:DbError -> database-down")
    grouping = group_event(event(fingerprint=["mine"]), rules)
    assert grouping.explanation["fingerprint"] == ["database-down"]
    assert grouping.explanation["rule"] == "error.type:DbError -> database-down"


def test_first_rule_that_matches_decides() -> None:
    rules = fingerprint_rules("logger:other -> a\nlogger:shop.* -> b\nlevel:error -> c")
    assert group_event(event(), rules).explanation["fingerprint"] == ["b"]


@pytest.mark.parametrize(
    "matcher",
    [
        *["error.type:DbError", "type:*error", "error.value:connection*", 'value:"* 5 lost"'],
        *["message:it?broke", "message:connection*", "logger:shop.*", "level:error"],
        *["tags.region:eu", "stack.module:shop.cart", "module:shop.*", "stack.function:pay"],
        *["stack.abs_path:*/shop/*", "path:**/cart.py", "path:retry.py", "package:lib*"],
        *["family:other", "family:python", "app:yes", "app:no", "release:1.*"],
        *["!level:info", "!tags.plan:pro", "!error.type:KeyError", "!stack.module:shop.*"],
        *["stack.module:shop.cart stack.function:pay", "error.type:DbError error.value:*lost"],
        *["environment:PRODUCTION", "error.type:dberror"],
    ],
)
def test_matcher_holds(matcher: str) -> None:
    assert parse_fingerprint_rules(f"{matcher} -> x")[0].matches(event())


@pytest.mark.parametrize(
    "matcher",
    [
        *["error.type:Db", "message:broke", "level:info", "tags.region:us", "tags.plan:*"],
        *["!level:error", "stack.module:shop.cart stack.function:get", "family:javascript"],
        *["stack.module:django.* app:yes", "level:error logger:other", "error.value:5"],
    ],
)
def test_matcher_does_not_hold(matcher: str) -> None:
    assert not parse_fingerprint_rules(f"{matcher} -> x")[0].matches(event())


def test_javascript_family_covers_node() -> None:
    (rule,) = parse_fingerprint_rules("family:javascript -> x")
    assert rule.matches(event(platform="node"))


def test_variables_are_filled_in() -> None:
    rules = fingerprint_rules(
        'level:error -> "a b", {{ error.type }}-{{ tags.region }} {{transaction}} '
        "{{ stack.function }}, {{ unknown }}"
    )
    values = group_event(event(), rules).explanation["fingerprint"]
    assert values == ["a b", "DbError-eu", "/pay", "raise_it", "{{ unknown }}"]


def test_comments_and_empty_lines_are_no_rules() -> None:
    assert parse_fingerprint_rules("\n# nothing\n   \n") == ()
    assert len(parse_stack_trace_rules("# x\nmodule:a -app\n")) == 1


@pytest.mark.parametrize(
    ("parse", "text", "said"),
    [
        (parse_fingerprint_rules, "level:error", "line 1: a fingerprint rule is"),
        (parse_fingerprint_rules, "\nlevel:error ->", "line 2: a fingerprint rule needs"),
        (parse_fingerprint_rules, "-> x", "line 1: a fingerprint rule needs"),
        (parse_fingerprint_rules, "shape:round -> x", "“shape” is no known attribute"),
        (parse_fingerprint_rules, "level -> x", "“level” is no matcher"),
        (parse_fingerprint_rules, "tags.:x -> x", "“tags.” is no known attribute"),
        (parse_stack_trace_rules, "module:a", "line 1: a stack-trace rule needs"),
        (parse_stack_trace_rules, "-app", "line 1: a stack-trace rule needs"),
        (parse_stack_trace_rules, "module:a -app module:b", "“module:b” is no action"),
        (parse_stack_trace_rules, "module:a *app", "“*app” is no matcher"),
    ],
)
def test_rule_that_cannot_be_read_names_line_and_cause(
    parse: Callable[[str], Any], text: str, said: str
) -> None:
    with pytest.raises(RuleError) as raised:
        parse(text)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("rule", "app"),
    [
        ("stack.module:shop.vendored.* -app", [1, 3]),
        ("stack.module:django.* +app", [0, 1, 2, 3]),
        ("stack.function:call -group", [1, 3]),
        ("stack.function:call ^-group", [1, 2]),
        ("stack.function:call ^-group -group", [1]),
        ("stack.function:call v-app", [2, 3]),
        ("stack.function:call v+app", [0, 1, 2, 3]),
        ("level:error max-frames=2", [2, 3]),
        ("level:info -app", [1, 2, 3]),
        ("error.type:KeyError -app", [1, 2, 3]),
        ("error.type:DbError app:yes -app", []),
        ("family:other stack.module:shop.* -app\nstack.function:pay +app", [1, 3]),
    ],
)
def test_stack_trace_rule_moves_frames(rule: str, app: list[int]) -> None:
    assert app_of(rule) == app


def test_stack_trace_rules_are_explained() -> None:
    text = "stack.function:call -group max-frames=1"
    stack = group_event(event(), stack_rules(text)).explanation["parts"][0]["stack"]
    assert stack == {
        "frames": 4,
        "app": [3],
        "skipped": {"rule": [2]},
        "rules": [text],
        "max_frames": 1,
    }
