"""The lines of code that stories crash in, read from `code/*.txt`.

A heading "=== path:first line function" begins a snippet; "| name = value" gives a local
variable, "> " marks the line where a library's function stands in a stack trace.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HEADING = re.compile(r"^=== (?P<path>\S+):(?P<first>\d+) (?P<function>\S+)$")
LOCAL = re.compile(r"^\| (?P<name>\S+) = (?P<value>.*)$")
CONTEXT_LINES = 5
CODE = Path(__file__).parent / "code"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A function's lines; `marked` is the index of a library's line, 0 in the shop's own code.

    Compiled modules have no lines.
    """

    path: str
    function: str
    first_line: int
    lines: tuple[str, ...]
    locals: dict[str, str]
    marked: int

    @property
    def module(self) -> str:
        """The dotted name of the file."""
        return re.sub(r"\.pyx?$", "", self.path).removesuffix("/__init__").replace("/", ".")

    def find_line(self, part: str) -> int:
        """The index of the one line that holds this text. Raises LookupError otherwise."""
        found = [index for index, line in enumerate(self.lines) if part in line]
        if len(found) != 1:
            raise LookupError(f"{part!r} is in {len(found)} lines of {self.function}")
        return found[0]


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a snippet: where a frame of a stack trace stands."""

    snippet: Snippet
    index: int

    @property
    def line_number(self) -> int:
        return self.snippet.first_line + self.index

    @property
    def context(self) -> tuple[list[str], str, list[str]]:
        """The lines before, the line itself, and the lines after, as an SDK sends them."""
        lines, index = self.snippet.lines, self.index
        before = list(lines[max(0, index - CONTEXT_LINES) : index])
        return before, lines[index], list(lines[index + 1 : index + 1 + CONTEXT_LINES])


@cache
def find_place(service: str, reference: str) -> Place:
    """Where a story's frame stands: "function: part of the line", or a library's dotted name.

    service: "shop_api" or "billing_worker": whose code it is.
    Raises:  LookupError for a reference that leads nowhere, or to several lines.
    """
    function, separator, part = reference.partition(": ")
    if separator:
        snippet = _read_snippets(service)[function]
        return Place(snippet, snippet.find_line(part))
    snippet = _read_snippets("libraries")[reference]
    return Place(snippet, snippet.marked)


@cache
def _read_snippets(name: str) -> dict[str, Snippet]:
    """All snippets of a service by function, or the libraries' by dotted name."""
    snippets: dict[str, Snippet] = {}
    for path in sorted(CODE.glob(f"{name}*.txt")):
        for snippet in _parse_snippets(path.read_text(encoding="utf-8")):
            is_library = name == "libraries"
            key = f"{snippet.module}.{snippet.function}" if is_library else snippet.function
            if key in snippets:
                raise LookupError(f"{key} stands twice in {name}")
            snippets[key] = snippet
    return snippets


def _parse_snippets(text: str) -> Iterator[Snippet]:
    for block in re.split(r"^(?==== )", text, flags=re.MULTILINE)[1:]:
        first, *lines = block.rstrip("\n").split("\n")
        heading = HEADING.match(first)
        assert heading, first
        variables = [found for line in lines if (found := LOCAL.match(line))]
        code = lines[len(variables) :]
        marked = [index for index, line in enumerate(code) if line.startswith(">")]
        yield Snippet(
            path=heading["path"],
            function=heading["function"],
            first_line=int(heading["first"]),
            lines=tuple(re.sub("^>", " ", line) for line in code),
            locals={found["name"]: found["value"] for found in variables},
            marked=next(iter(marked), 0),
        )
