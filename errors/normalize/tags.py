"""Tags: short names with short values."""

import re
from typing import Any

from common.text import one_line, trim
from errors.normalize.fields import Reader, as_text, iterate_pairs, label_of
from errors.normalize.limits import DIST, ENVIRONMENT, RELEASE, TAG_KEY, TAG_VALUE, TAGS
from errors.normalize.problems import Problems

TAG_NAME = re.compile(rf"[a-zA-Z0-9_.:-]{{1,{TAG_KEY}}}")
# What a tag of this name says belongs to the event itself.
RESERVED: dict[str, Reader | None] = {
    "release": label_of(RELEASE),
    "dist": label_of(DIST),
    "environment": label_of(ENVIRONMENT),
    "user": None,
}


def read_tags(
    value: Any, event: dict[str, Any], problems: Problems, path: str
) -> list[list[str]] | None:
    """Read an object or a list of pairs; the first of two with the same name is kept.

    Reserved names are no plain tags: release, dist and environment fill the event's own field
    where that is missing.
    """
    kept: dict[str, str] = {}
    for name, text in iterate_pairs(value, problems, path):
        tag = _read_tag(name, text, problems, path)
        if tag is None or tag[0] in kept:
            continue
        if tag[0] in RESERVED:
            _fill_in(event, tag[0], tag[1], problems)
        elif len(kept) == TAGS:
            problems.add(path, f"kept the first {TAGS}")
            break
        else:
            kept[tag[0]] = tag[1]
    return [[name, text] for name, text in kept.items()]


def _read_tag(name: Any, value: Any, problems: Problems, path: str) -> tuple[str, str] | None:
    key = (as_text(name) or "").strip().replace(" ", "-")
    text = one_line(as_text(value) or "")
    if not TAG_NAME.fullmatch(key):
        problems.add(path, "a tag's name has up to 200 letters, digits or _ . : -")
        return None
    if not text:
        if value is not None and value != "":
            problems.add_wrong_type(f"{path}.{key}", "a text", value)
        return None
    return key, trim(text, TAG_VALUE)


def _fill_in(event: dict[str, Any], name: str, text: str, problems: Problems) -> None:
    read = RESERVED[name]
    if read is not None and name not in event:
        event[name] = read(text, problems, f"tags.{name}")
