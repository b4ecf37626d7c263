"""The log entry: a template, its parameters, and what the two make."""

import re
from typing import Any

import orjson

from common.text import trim
from errors.normalize.data import bound_data
from errors.normalize.fields import Reader, as_text, message_of, read_fields
from errors.normalize.limits import CONTEXT_BYTES, MESSAGE
from errors.normalize.problems import Problems

PERCENT = re.compile(r"%(?:(%)|(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?[hlL]?[a-zA-Z])")
BRACES = re.compile(r"(\{\{)|(\}\})|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")


def read_logentry(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read {message, params, formatted}; a text is what it was formatted to."""
    if not isinstance(value, dict):
        value = {"formatted": value}
    kept = read_fields(value, LOGENTRY_FIELDS, problems, path)
    if "formatted" not in kept and "message" in kept:
        kept["formatted"] = trim(format_message(kept["message"], kept.get("params")), MESSAGE)
    return kept if "formatted" in kept else None


def format_message(template: str, params: Any) -> str:
    """Fill the parameters in: %-style when the template has a "%", else {}-style.

    Not by Python's own formatting: a hostile width such as %999999999d would fill the memory, and
    what does not match would raise. A parameter that is missing leaves its placeholder.
    """
    if not params:
        return template
    values = _Parameters(params)
    if "%" in template:
        return PERCENT.sub(
            lambda found: "%" if found[1] else values.take(found[2] or "", found[0]), template
        )
    return BRACES.sub(
        lambda found: (found[1] or found[2] or "")[:1] or values.take(found[3], found[0]), template
    )


class _Parameters:
    """Hands parameters out by name, by index, or one after the other."""

    def __init__(self, params: Any) -> None:
        self.by_name = params if isinstance(params, dict) else dict(enumerate(params))
        self.next = 0

    def take(self, name: str, placeholder: str) -> str:
        key: Any = name
        if not name:
            key, self.next = self.next, self.next + 1
        elif name.isdecimal() and name not in self.by_name:
            key = int(name[:9])
        if key not in self.by_name:
            return placeholder
        value = self.by_name[key]
        text = as_text(value)
        return orjson.dumps(value).decode() if text is None else text


def _read_params(value: Any, problems: Problems, path: str) -> Any:
    if not isinstance(value, list | dict):
        problems.add_wrong_type(path, "a list or an object", value)
        return None
    return bound_data(value, CONTEXT_BYTES)


LOGENTRY_FIELDS: dict[str, Reader] = {
    "message": message_of(MESSAGE),
    "params": _read_params,
    "formatted": message_of(MESSAGE),
}
