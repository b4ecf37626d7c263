"""What the events of one group have in common, as a document to compress the next ones against.

Pure. Wherever the samples differ, filler of the same length stands: the matches around it keep
their distance, which zstd then writes in a few bits. No value of a single event stays.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from common.jsonio import dumps

FILLER = "0"
# Of the user not even what all samples share; of these parts neither, where one person sent all.
PERSONAL = ("user",)
INTIMATE = ("user", "request")


def make_pattern(documents: Sequence[dict[str, Any]], *, is_one_person: bool) -> dict[str, Any]:
    """Return the first document, keeping of its values only what the others have too.

    A text stays when every sample has it somewhere, and else in the characters that all have in
    its place. `is_one_person`: request values and locals go as well, for one person's data can
    be the same in all samples.
    """
    # The parts between quotation marks: a text with an escape in it is shared in its place only.
    shared = set.intersection(*(set(dumps(one).decode().split('"')) for one in documents))
    pattern = _common(documents, shared)
    assert isinstance(pattern, dict)
    event = pattern["event"]
    for name in INTIMATE if is_one_person else PERSONAL:
        if name in event:
            event[name] = fill(event[name])
    if is_one_person:
        for frame in frames_of(event):
            if "vars" in frame:
                frame["vars"] = fill(frame["vars"])
    return pattern


def fill(value: Any) -> Any:
    """The same shape and lengths, with filler for every character; names of fields stay."""
    if isinstance(value, dict):
        return {name: fill(part) for name, part in value.items()}
    if isinstance(value, list):
        return [fill(part) for part in value]
    if isinstance(value, str):
        return FILLER * len(value)
    if isinstance(value, bool) or value is None:
        return value
    return type(value)(re.sub(r"\d", "1", repr(value)))


def frames_of(event: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """All frames of an event, whatever holds them."""
    for holder in ("exception", "threads"):
        for item in event.get(holder, {}).get("values", ()):
            for trace in ("stacktrace", "raw_stacktrace"):
                yield from item.get(trace, {}).get("frames", ())


def _common(values: Sequence[Any], shared: set[str]) -> Any:
    """The first value, of which the others stand in the same place."""
    first = values[0]
    if all(other == first for other in values):
        return first
    if isinstance(first, str):
        return first if first in shared else _common_text(first, values)
    if isinstance(first, dict):
        dicts = [other if isinstance(other, dict) else {} for other in values[1:]]
        return {
            name: _common([part, *(one[name] for one in dicts)], shared)
            for name, part in first.items()
            if all(name in one for one in dicts)
        }
    if isinstance(first, list):
        lists = [other if isinstance(other, list) else [] for other in values[1:]]
        return [
            _common([part, *(one[i] if i < len(one) else None for one in lists)], shared)
            for i, part in enumerate(first)
        ]
    return fill(first)


def _common_text(first: str, values: Sequence[Any]) -> str:
    texts = [other for other in values if isinstance(other, str)]
    if len(texts) < len(values):
        return FILLER * len(first)
    if all(len(text) == len(first) for text in texts):
        columns = zip(*texts, strict=True)
        return "".join(column[0] if len(set(column)) == 1 else FILLER for column in columns)
    head = _common_head(texts)
    tail = _common_head([text[len(head) :][::-1] for text in texts])[::-1]
    return head + FILLER * (len(first) - len(head) - len(tail)) + tail


def _common_head(texts: Sequence[str]) -> str:
    """The letters that all begin with: those of the smallest and the greatest."""
    smallest, greatest = min(texts), max(texts)
    pairs = enumerate(zip(smallest, greatest, strict=False))
    return smallest[: next((i for i, (a, b) in pairs if a != b), len(smallest))]
