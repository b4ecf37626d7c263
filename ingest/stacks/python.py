"""Python tracebacks, chained ones too, as `traceback.format_exception` writes them. Pure."""

import re

from ingest.stacks.text import Frame, Raised, split_head

_BEGIN = "Traceback (most recent call last):"
_FRAME = re.compile(r'[ \t]+File "(?P<path>[^"\n]+)", line (?P<line>\d{1,9})(?:, in (?P<name>.+))?')
# The sentences between an exception and the one that it led to.
_LINKS = (
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
)
_GROUP_BEGIN = "+ Exception Group Traceback (most recent call last):"
_GROUP_PART = re.compile(r"^[ \t]*\+-\+-{4,}", re.MULTILINE)
_UNDERLINE = re.compile(r"[ \t]*[~^]+[ \t]*")
MAX_PATH = 4096
_INSTALLED = re.compile(r".*[/\\](?:site-packages|dist-packages|lib/python3\.\d{1,3})[/\\]")


def read_python(text: str) -> list[Raised]:
    """The exceptions of a traceback, oldest first; none where it is no traceback."""
    if _BEGIN not in text and not text.lstrip("\n").startswith('  File "'):
        return []
    found = [_read_block(block) for block in _blocks(_flatten(text))]
    return [raised for raised in found if raised.frames or raised.type]


def _flatten(text: str) -> str:
    """An exception group without what it holds, and without the lines drawn around it."""
    if _GROUP_BEGIN not in text:
        return text
    own = _GROUP_PART.split(text, maxsplit=1)[0]
    lines = own.replace(_GROUP_BEGIN, "+ " + _BEGIN).splitlines()
    return "\n".join(line[4:] if line[:4] in ("  | ", "  + ") else line for line in lines)


def _blocks(text: str) -> list[str]:
    for link in _LINKS:
        text = text.replace(link, "\0")
    return [block for block in text.split("\0") if block.strip()]


def _read_block(block: str) -> Raised:
    raised = Raised()
    lines = block.splitlines()
    after = 0
    for index, line in enumerate(lines):
        if found := _FRAME.fullmatch(line):
            following = lines[index + 1] if index + 1 < len(lines) else ""
            raised.frames.append(_frame_of(found, following))
            after = index + 1
    raised.module, raised.type, raised.value = split_head(_end_of(lines[after:]))
    return raised


def _end_of(lines: list[str]) -> str:
    """The exception's own words: from the first line that is not indented."""
    begin = next((index for index, line in enumerate(lines) if line and line[0] not in " \t"), None)
    if begin is None or lines[begin].startswith(_BEGIN):
        return ""
    return "\n".join(lines[begin:])


def _frame_of(found: re.Match[str], following: str) -> Frame:
    path = found["path"]
    frame: Frame = {"filename": _short_path(path), "lineno": int(found["line"])}
    if frame["filename"] != path:
        frame["abs_path"] = path
    if found["name"]:
        frame["function"] = found["name"]
    is_source = following.startswith("    ") and not _UNDERLINE.fullmatch(following)
    if is_source and not following.lstrip().startswith("[Previous line repeated"):
        frame["context_line"] = following[4:]
    return frame


def _short_path(path: str) -> str:
    """Without the folder that a library is installed in."""
    found = _INSTALLED.match(path[:MAX_PATH])
    return path[found.end() :] or path if found else path
