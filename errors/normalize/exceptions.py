"""Exceptions, oldest to newest, and threads: what holds the stack traces."""

from collections.abc import Iterator
from typing import Any

from errors.normalize.fields import (
    Reader,
    data_of,
    keep_last,
    label_of,
    message_of,
    read_fields,
    read_flag,
    read_integer,
    read_values,
    text_of,
)
from errors.normalize.limits import CONTEXT_BYTES, EXCEPTIONS, MESSAGE, NAME, THREADS
from errors.normalize.problems import Problems
from errors.normalize.stacktraces import read_checked_stacktrace, read_stacktrace


def read_exceptions(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read exceptions in any of their three shapes; each needs a type or a value."""
    return _read_exceptions(value, problems, path, EXCEPTION_FIELDS)


def read_checked_exceptions(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read exceptions that have the shape of `errors.normalize.schema`."""
    return _read_exceptions(value, problems, path, CHECKED_EXCEPTION_FIELDS)


def _read_exceptions(
    value: Any, problems: Problems, path: str, fields: dict[str, Reader]
) -> dict[str, Any] | None:
    items = keep_last(read_values(value, problems, path), EXCEPTIONS, problems, path)
    kept = []
    for index, item in enumerate(items):
        where = f"{path}.values.{index}"
        if not isinstance(item, dict):
            problems.add_wrong_type(where, "an object", item)
            continue
        exception = read_fields(item, fields, problems, where)
        if "type" in exception or "value" in exception or "stacktrace" in exception:
            kept.append(exception)
        else:
            problems.add(where, "an exception without a type and a value")
    return {"values": kept} if kept else None


def read_threads(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read threads in any of the three shapes; those that say nothing are left out."""
    return _read_threads(value, problems, path, THREAD_FIELDS)


def read_checked_threads(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read threads that have the shape of `errors.normalize.schema`."""
    return _read_threads(value, problems, path, CHECKED_THREAD_FIELDS)


def _read_threads(
    value: Any, problems: Problems, path: str, fields: dict[str, Reader]
) -> dict[str, Any] | None:
    items = read_values(value, problems, path)
    if len(items) > THREADS:
        problems.add(path, f"kept {THREADS} of {len(items)}, those that crashed first")
        items = sorted(items, key=_is_bystander)[:THREADS]
    kept = []
    for index, item in enumerate(items):
        where = f"{path}.values.{index}"
        if not isinstance(item, dict):
            problems.add_wrong_type(where, "an object", item)
        elif thread := read_fields(item, fields, problems, where):
            kept.append(thread)
    return {"values": kept} if kept else None


def place_stacktrace(event: dict[str, Any], stacktrace: dict[str, Any]) -> None:
    """Give an event's own stack trace to its newest exception, else to a thread of its own."""
    exceptions = event.get("exception", {}).get("values")
    if exceptions and not any("stacktrace" in exception for exception in exceptions):
        exceptions[-1]["stacktrace"] = stacktrace
    elif not exceptions:
        threads = event.setdefault("threads", {"values": []})["values"]
        if not any("stacktrace" in thread for thread in threads):
            threads.append({"current": True, "stacktrace": stacktrace})


def iterate_stacktraces(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every stack trace of a canonical event, exceptions first."""
    for holder in ("exception", "threads"):
        for item in event.get(holder, {}).get("values", ()):
            for key in ("stacktrace", "raw_stacktrace"):
                if key in item:
                    yield item[key]


def _is_bystander(thread: Any) -> bool:
    return not (isinstance(thread, dict) and (thread.get("crashed") or thread.get("current")))


def _read_mechanism(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    if isinstance(value, str):
        value = {"type": value}
    if not isinstance(value, dict):
        problems.add_wrong_type(path, "an object", value)
        return None
    return read_fields(value, MECHANISM_FIELDS, problems, path)


def _read_thread_id(value: Any, problems: Problems, path: str) -> int | str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    thread_id: str | None = label_of(NAME)(value, problems, path)
    return thread_id


MECHANISM_FIELDS: dict[str, Reader] = {
    "type": label_of(NAME),
    "description": text_of(NAME),
    "help_link": text_of(NAME),
    "handled": read_flag,
    "synthetic": read_flag,
    "source": text_of(NAME),
    "exception_id": read_integer,
    "parent_id": read_integer,
    "is_exception_group": read_flag,
    "data": data_of(CONTEXT_BYTES),
    "meta": data_of(CONTEXT_BYTES),
}
EXCEPTION_FIELDS: dict[str, Reader] = {
    "type": label_of(NAME),
    "value": message_of(MESSAGE),
    "module": label_of(NAME),
    "mechanism": _read_mechanism,
    "stacktrace": read_stacktrace,
    "raw_stacktrace": read_stacktrace,
    "thread_id": _read_thread_id,
}
THREAD_FIELDS: dict[str, Reader] = {
    "id": _read_thread_id,
    "name": text_of(NAME),
    "state": label_of(NAME),
    "crashed": read_flag,
    "current": read_flag,
    "main": read_flag,
    "stacktrace": read_stacktrace,
    "raw_stacktrace": read_stacktrace,
}
CHECKED_STACKS: dict[str, Reader] = {
    "stacktrace": read_checked_stacktrace,
    "raw_stacktrace": read_checked_stacktrace,
}
CHECKED_EXCEPTION_FIELDS = EXCEPTION_FIELDS | CHECKED_STACKS
CHECKED_THREAD_FIELDS = THREAD_FIELDS | CHECKED_STACKS
