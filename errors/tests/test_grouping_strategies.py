"""Grouping: which strategy decides, what contributes, and what the explanation says."""

from typing import Any

import pytest

from errors.grouping import Grouping, group_event
from errors.normalize import normalize_event


def event_of(**raw: Any) -> dict[str, Any]:
    return normalize_event(
        {"platform": "python", **raw},
        event_id="a" * 32,
        received_at=1.7e9,
        sent_at=None,
        client_ip=None,
    ).event


def group(**raw: Any) -> Grouping:
    return group_event(event_of(**raw))


def frame(
    module: str, function: str = "run", *, in_app: bool = True, **more: Any
) -> dict[str, Any]:
    return {"module": module, "function": function, "in_app": in_app, **more}


def exception(kind: str = "ValueError", *frames: dict[str, Any], **more: Any) -> dict[str, Any]:
    stack = {"stacktrace": {"frames": list(frames)}} if frames else {}
    return {"type": kind, "value": "bad", **stack, **more}


OWN, LIBRARY = frame("shop.cart", "pay"), frame("django.db", "get", in_app=False)


def test_same_frames_join_one_issue() -> None:
    first = group(exception=exception("ValueError", LIBRARY, OWN, value="5 is bad"))
    second = group(exception=exception("ValueError", LIBRARY, OWN, value="7 is bad"))
    assert first == second
    assert len(first.primary) == len(first.secondary or "") == 32


@pytest.mark.parametrize(
    "change",
    [
        {"exception": exception("KeyError", LIBRARY, OWN)},
        {"exception": exception("ValueError", LIBRARY, frame("shop.cart", "save"))},
        {"exception": exception("ValueError", LIBRARY, frame("shop.stock", "pay"))},
        {"exception": exception("ValueError", LIBRARY, OWN | {"context_line": "return 1 / 0"})},
    ],
    ids=["type", "function", "module", "source line"],
)
def test_other_type_function_module_or_line_is_another_issue(change: dict[str, Any]) -> None:
    same = group(exception=exception("ValueError", LIBRARY, OWN))
    assert group(**change).primary != same.primary


def test_line_numbers_and_space_do_not_matter() -> None:
    one = OWN | {"lineno": 4, "colno": 1, "context_line": "  return  total "}
    two = OWN | {"lineno": 9, "colno": 7, "context_line": "\treturn total"}
    assert group(exception=exception("E", one)) == group(exception=exception("E", two))


def test_long_source_line_does_not_contribute() -> None:
    one, two = OWN | {"context_line": "a" * 121}, OWN | {"context_line": "b" * 121}
    assert group(exception=exception("E", one)) == group(exception=exception("E", two))
    short = OWN | {"context_line": "a" * 120}
    assert group(exception=exception("E", one)) != group(exception=exception("E", short))


def test_library_frames_matter_to_the_secondary_hash_only() -> None:
    one = group(exception=exception("E", LIBRARY, OWN))
    two = group(exception=exception("E", frame("celery.app", in_app=False), OWN))
    assert one.primary == two.primary
    assert one.secondary != two.secondary


def test_without_frames_of_the_app_all_make_the_primary_hash() -> None:
    one = group(exception=exception("E", LIBRARY))
    assert one.secondary is None
    assert one.primary != group(exception=exception("E", frame("celery.app", in_app=False))).primary


def test_recursion_of_any_depth_is_one_issue() -> None:
    deep = [OWN | {"lineno": n} for n in range(30)]
    shallow, explained = (
        group(exception=exception("E", OWN)),
        group(exception=exception("E", *deep)),
    )
    assert explained.primary == shallow.primary
    stack = explained.explanation["parts"][0]["stack"]
    assert stack == {"frames": 30, "app": [0], "skipped": {"recursion": list(range(1, 30))}}


def test_file_name_stands_in_for_the_module() -> None:
    one = {"filename": "/srv/a/Cart.py", "function": "pay", "in_app": True}
    two = {"filename": "/opt/b/cart.py", "function": "pay", "in_app": True}
    assert group(exception=exception("E", one)) == group(exception=exception("E", two))


def test_value_counts_only_without_a_stack_trace_and_parameterised() -> None:
    one = group(exception=exception("E", value="order 5 of ana@x.org failed"))
    two = group(exception=exception("E", value="order 81 of bob@y.org failed"))
    assert one == two
    assert one.primary != group(exception=exception("E", value="order 5 is gone")).primary
    assert one.explanation["parts"] == [
        {"exception": 0, "type": "E", "value": "order <int> of <email> failed"}
    ]


def test_synthetic_type_does_not_contribute() -> None:
    made_up = {"mechanism": {"type": "generic", "synthetic": True}}
    one = group(exception=exception("SIGSEGV", OWN, **made_up))
    two = group(exception=exception("SIGABRT", OWN, **made_up))
    assert one == two
    assert one.explanation["parts"][0]["synthetic"] is True


def test_chained_exceptions_all_contribute() -> None:
    cause, effect = exception("KeyError", OWN), exception("ApiError", frame("shop.api"))
    chained = group(exception=[cause, effect])
    assert chained.explanation["strategy"] == "exception"
    assert [part["type"] for part in chained.explanation["parts"]] == ["KeyError", "ApiError"]
    assert chained.primary != group(exception=[effect]).primary
    assert chained.primary != group(exception=[exception("OSError", OWN), effect]).primary


def test_cause_without_own_frames_contributes_its_type_only() -> None:
    effect = exception("ApiError", frame("shop.api"))
    one = group(exception=[exception("OSError", LIBRARY), effect])
    two = group(exception=[exception("OSError", frame("socket", in_app=False)), effect])
    assert one.primary == two.primary
    assert one.secondary != two.secondary


def member(kind: str, number: int, own: dict[str, Any]) -> dict[str, Any]:
    mechanism = {"type": "chained", "exception_id": number, "parent_id": 0}
    return exception(kind, own, mechanism=mechanism)


def test_exception_group_is_what_it_wraps_in_any_order_and_number() -> None:
    wrapper = exception(
        "ExceptionGroup",
        frame("shop.tasks"),
        mechanism={"type": "x", "exception_id": 0, "is_exception_group": True},
    )
    a, b = member("KeyError", 1, OWN), member("OSError", 2, frame("shop.api"))
    one = group(exception=[a, b, wrapper])
    assert one.primary == group(exception=[b, a, a, wrapper]).primary
    assert one.primary != group(exception=[a, wrapper]).primary
    assert [part["exception"] for part in one.explanation["parts"]] == [0, 1]


def test_exception_group_of_what_was_never_raised_is_known_by_its_place() -> None:
    def raised_in(module: str) -> Grouping:
        mechanism = {"type": "x", "exception_id": 0, "is_exception_group": True}
        wrapper = exception("ExceptionGroup", frame(module), mechanism=mechanism)
        return group(exception=[exception("KeyError", value="a"), wrapper])

    assert raised_in("shop.a").primary != raised_in("shop.b").primary


def thread(number: int, own: dict[str, Any], **flags: bool) -> dict[str, Any]:
    return {"id": number, "stacktrace": {"frames": [own]}, **flags}


def test_crashed_thread_decides_then_the_current_then_the_only_one() -> None:
    a, b = frame("shop.a"), frame("shop.b")
    crashed = group(threads=[thread(1, a, current=True), thread(2, b, crashed=True)])
    assert crashed.explanation["strategy"] == "threads"
    assert crashed.explanation["parts"][0]["thread"] == 1
    current = group(threads=[thread(1, a), thread(2, b, current=True)])
    only = group(threads=[thread(1, b)])
    assert crashed.primary == current.primary == only.primary


def test_many_threads_without_a_mark_do_not_contribute() -> None:
    a, b = thread(1, frame("shop.a")), thread(2, frame("shop.b"))
    assert group(threads=[a, b], message="hello").explanation["strategy"] == "message"


def test_stack_trace_of_its_own_comes_before_the_message() -> None:
    grouping = group(message="hello", stacktrace={"frames": [OWN]})
    assert grouping.explanation["strategy"] == "stacktrace"
    assert grouping == group(message="other", stacktrace={"frames": [OWN]})


def test_template_comes_before_the_message() -> None:
    one = group(logentry={"message": "took %s s", "params": [5]})
    two = group(logentry={"message": "took %s s", "params": ["a while"]})
    assert one == two
    assert one.explanation == {"strategy": "template", "parts": [{"template": "took %s s"}]}


def test_message_is_grouped_without_what_varies() -> None:
    one, two = group(message="took 5 s for 10.0.0.1"), group(message="took 17 s for 10.1.2.3")
    assert one == two
    assert one.explanation == {
        "strategy": "message",
        "parts": [{"message": "took <duration> for <ip>"}],
    }


def test_event_that_says_nothing_stands_with_its_transaction() -> None:
    one = group(transaction="/pay")
    assert one == group(transaction="/pay", tags={"a": "1"})
    assert one != group(transaction="/ship")
    assert one.explanation["strategy"] == "origin"
    assert group().explanation["parts"] == [{"platform": "python"}]


def test_unknown_version_is_refused() -> None:
    with pytest.raises(ValueError, match="no grouping version 99"):
        group_event(event_of(), version=99)


def test_hashes_of_version_1_never_change() -> None:
    grouping = group(exception=exception("ValueError", LIBRARY, OWN))
    assert grouping.version == 1
    assert grouping.primary == "969259f163312badda8e91cfccbc59a3"
    assert grouping.secondary == "9f431fef572008113a43fbd4445dd561"
