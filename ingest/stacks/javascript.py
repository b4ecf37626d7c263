"""JavaScript stacks as V8 (Chrome, Node.js), Firefox and Safari write them. Pure.

By splitting and no patterns: a stranger writes these lines, and none may take long.
"""

from ingest.stacks.text import Frame, Raised, split_head

# A place without a position.
_NAMED = ("native", "<anonymous>", "[native code]", "native code")
_UNCAUGHT = "Uncaught "
_MAX_DIGITS = 9


def read_javascript(text: str) -> list[Raised]:
    """The exception that a stack is of, its oldest call first; none where no line is a call."""
    head: list[str] = []
    frames: list[Frame] = []
    for line in text.splitlines():
        frame = _read_line(line.strip())
        if frame:
            frames.append(frame)
        elif not frames:
            head.append(line)
    if not frames:
        return []
    module, kind, value = split_head("\n".join(head).strip().removeprefix(_UNCAUGHT))
    frames.reverse()
    return [Raised(type=kind, value=value, module=module, frames=frames)]


def _read_line(line: str) -> Frame | None:
    """A call: "at pay (app.js:10:5)" and "at app.js:10:5" of V8, "pay@app.js:10:5" of others."""
    if line.startswith("at "):
        call = line[3:].removeprefix("async ").removeprefix("new ")
        name, bracket, place = call.removesuffix(")").partition(" (")
        return _frame_of(_own_name(name), place) if bracket else _frame_of("", call)
    name, sign, place = line.partition("@")
    return _frame_of(name, place) if sign else None


def _own_name(name: str) -> str:
    """What a method is called where it ran: "pay" of "Order.charge [as pay]"."""
    _, found, alias = name.rpartition(" [as ")
    return alias.removesuffix("]") if found else name


def _frame_of(name: str, place: str) -> Frame | None:
    """None where the place is none: a line of an exception's words can look like a call."""
    if place.startswith("eval at "):
        # Where the text was that was run, for its own file has no name.
        place = place.rpartition("(")[2].partition(")")[0]
    frame = {"filename": place} if place in _NAMED else _position_of(place)
    if frame and name.strip():
        frame["function"] = name.strip()
    return frame


def _position_of(place: str) -> Frame | None:
    """File, line and column of "app.js:10:5"; of "app.js:10" without the column."""
    rest, column = _cut_number(place)
    file, line = _cut_number(rest)
    if line is None:
        file, line, column = rest, column, None
    if not file or line is None:
        return None
    frame: Frame = {"filename": file, "lineno": line}
    return frame if column is None else frame | {"colno": column}


def _cut_number(text: str) -> tuple[str, int | None]:
    rest, _, digits = text.rpartition(":")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_DIGITS
    return (rest, int(digits)) if rest and is_number else (text, None)
