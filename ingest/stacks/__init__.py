"""Stack traces that came as text become exceptions with frames. Pure."""

from dataclasses import dataclass, field
from typing import Any

from ingest.stacks.javascript import read_javascript
from ingest.stacks.python import read_python
from ingest.stacks.text import Raised

__all__ = ["ReadStack", "read_stack"]

# Longer texts end in the middle; their ends are what crashed.
MAX_CHARACTERS = 262_144


@dataclass(frozen=True, slots=True)
class ReadStack:
    """What a text tells: the platform it is of ("other": unknown) and its exceptions.

    Shape: exceptions and the frames of each as in an event, oldest first; empty where the text is
           no stack trace.
    """

    platform: str = "other"
    exceptions: list[Raised] = field(default_factory=list)

    def as_values(self) -> list[dict[str, Any]]:
        """The exceptions as an event's `exception.values`."""
        return [raised.as_value() for raised in self.exceptions]


def read_stack(text: str) -> ReadStack:
    """Read a Python traceback or a JavaScript stack in the form of any browser."""
    text = text[-MAX_CHARACTERS:]
    for platform, read in (("python", read_python), ("javascript", read_javascript)):
        if exceptions := read(text):
            return ReadStack(platform, exceptions)
    return ReadStack()
