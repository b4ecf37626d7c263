"""What could not be kept of an event, for the person who reads it."""

from dataclasses import dataclass

from common.text import trim
from errors.normalize.limits import MAX_PROBLEMS, PROBLEM_TEXT

KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "a boolean",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A part that was dropped or repaired.

    Shape: path joins keys and indexes by dots, "breadcrumbs.values.3"; reason is a sentence's
           middle, "expected an object, got a list".
    """

    path: str
    reason: str


class Problems(list[Problem]):
    """The problems of one event, bounded: the first tell the story, a million would bury it."""

    def add(self, path: str, reason: str) -> None:
        if len(self) < MAX_PROBLEMS:
            self.append(Problem(trim(path, PROBLEM_TEXT), trim(reason, PROBLEM_TEXT)))

    def add_wrong_type(self, path: str, expected: str, value: object) -> None:
        self.add(path, f"expected {expected}, got {KINDS.get(type(value), 'something else')}")
