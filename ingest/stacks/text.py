"""What a stack trace's text says of one exception."""

import re
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]

# "shop.errors.OutOfStock: no more of it", or the name alone. No prose: names hold no spaces.
_HEAD = re.compile(r"((?:[A-Za-z_$][\w$]*\.)*[A-Za-z_$][\w$]*)(?::[ \t]*(.*))?", re.DOTALL)


@dataclass(slots=True)
class Raised:
    """One exception: its type without the module, what it said, and its frames, oldest first."""

    type: str = ""
    value: str = ""
    module: str = ""
    frames: list[Frame] = field(default_factory=list)

    def as_value(self) -> dict[str, Any]:
        """One of an event's `exception.values`."""
        value: dict[str, Any] = {"type": self.type, "value": self.value}
        if self.module:
            value["module"] = self.module
        if self.frames:
            value["stacktrace"] = {"frames": self.frames}
        return {name: part for name, part in value.items() if part != ""}


def split_head(text: str) -> tuple[str, str, str]:
    """Module, type and value of what stands before or after the frames; all value as a last
    resort."""
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        return "", "", text.strip()
    module, _, kind = found[1].rpartition(".")
    return module, kind, (found[2] or "").strip()
