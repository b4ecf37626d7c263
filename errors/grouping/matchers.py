"""The matchers of grouping rules: attribute:glob pairs over an event, its exceptions and frames."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from typing import Any

ALIASES = {
    "type": "error.type",
    "value": "error.value",
    "module": "stack.module",
    "function": "stack.function",
    "path": "stack.abs_path",
    "package": "stack.package",
    "stack.path": "stack.abs_path",
}
ERROR_FIELDS = {"error.type": "type", "error.value": "value"}
FRAME_FIELDS = {
    "stack.module": "module",
    "stack.function": "function",
    "stack.abs_path": "abs_path",
    "stack.package": "package",
}
EVENT_ATTRIBUTES = ("message", "logger", "level", "family", "release", "environment")
ATTRIBUTES = frozenset((*ERROR_FIELDS, *FRAME_FIELDS, *EVENT_ATTRIBUTES, "app"))
FAMILIES = {
    "javascript": "javascript",
    "node": "javascript",
    "native": "native",
    "cocoa": "native",
    "objc": "native",
    "c": "native",
}
YES = frozenset(("yes", "true", "1"))


@dataclass(frozen=True, slots=True)
class Matcher:
    """One attribute:glob pair. Globs span the whole text, in any case."""

    attribute: str
    pattern: re.Pattern[str]
    is_negated: bool = False

    def accepts(self, text: str | None) -> bool:
        """Tell whether the text matches; one that is missing matches only a negated glob."""
        return (text is not None and self.pattern.match(text) is not None) != self.is_negated

    @property
    def scope(self) -> str:
        """What the attribute belongs to: an error, a frame, or the event."""
        if self.attribute in ERROR_FIELDS:
            return "error"
        return "frame" if self.attribute in FRAME_FIELDS or self.attribute == "app" else "event"


def make_matcher(text: str) -> Matcher:
    """Make a matcher from "attribute:glob" or "!attribute:glob"; ValueError says what is wrong."""
    name, separator, glob = text.removeprefix("!").partition(":")
    if not separator:
        raise ValueError(f"“{text}” is no matcher of the form attribute:glob")
    attribute = ALIASES.get(name, name)
    if attribute not in ATTRIBUTES and not re.fullmatch(r"tags\..+", attribute):
        raise ValueError(f"“{name}” is no known attribute")
    return Matcher(attribute, compile_glob(unquote(glob)), text.startswith("!"))


def compile_glob(glob: str) -> re.Pattern[str]:
    """Compile a glob of *, ? and [sets], where * crosses "/" too."""
    return re.compile(translate(glob), re.IGNORECASE)


def unquote(text: str) -> str:
    """Remove the double quotes that let a text hold spaces."""
    is_quoted = len(text) >= 2 and text[0] == text[-1] == '"'
    return text[1:-1].replace('\\"', '"') if is_quoted else text


def match_event(matcher: Matcher, event: dict[str, Any]) -> bool:
    """Match an attribute of the event; where it has several values, any of them will do."""
    texts = list(iterate_texts(event, matcher.attribute))
    return any(map(matcher.pattern.match, texts)) != matcher.is_negated


def match_error(matcher: Matcher, exception: dict[str, Any]) -> bool:
    """Match an attribute of one exception."""
    return matcher.accepts(exception.get(ERROR_FIELDS[matcher.attribute]))


def match_frame(matcher: Matcher, frame: dict[str, Any]) -> bool:
    """Match an attribute of one frame; without an absolute path its file name will do."""
    if matcher.attribute == "app":
        is_wanted = any(map(matcher.pattern.match, YES)) != matcher.is_negated
        return bool(frame.get("in_app")) == is_wanted
    text = frame.get(FRAME_FIELDS[matcher.attribute])
    if text is None and matcher.attribute == "stack.abs_path":
        text = frame.get("filename")
    return matcher.accepts(text)


def iterate_texts(event: dict[str, Any], attribute: str) -> Iterator[str]:
    """Yield the event's values of an attribute."""
    if attribute == "message":
        if "logentry" in event:
            yield event["logentry"]["formatted"]
        for exception in event.get("exception", {}).get("values", ()):
            yield exception.get("value", "")
    elif attribute == "family":
        yield event["platform"]
        yield FAMILIES.get(event["platform"], "other")
    elif attribute.startswith("tags."):
        yield from (text for name, text in event.get("tags", ()) if name == attribute[5:])
    elif attribute in event:
        yield event[attribute]
