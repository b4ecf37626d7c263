"""The exceptions of the Python services, with the frames that sentry-sdk would have read."""

from typing import Any

from config.demo.source import Place, find_place
from config.demo.story import Failure
from config.demo.visit import Visit

ROOT = "/srv"
SITE_PACKAGES = "/srv/venv/lib/python3.13/site-packages"
STANDARD_LIBRARY = "/usr/local/lib/python3.13"
STANDARD_MODULES = frozenset(
    ("asyncio", "concurrent", "json", "pathlib", "smtplib", "socket", "_strptime")
)


def make_exceptions(visit: Visit) -> list[dict[str, Any]]:
    """The chain, cause first. A group's parts come before it and name it as their parent."""
    story = visit.story
    last = len(story.failures) - 1
    entry = visit.service.entry if story.entry is None else story.entry
    values = []
    for index, failure in enumerate(story.failures):
        frames = (*entry, *failure.frames) if index == last else failure.frames
        value: dict[str, Any] = {
            "type": failure.type,
            "module": failure.module,
            "value": visit.fill(failure.value),
            "mechanism": {
                "type": story.mechanism or visit.service.mechanism,
                "handled": story.is_handled,
            },
            "stacktrace": {"frames": _frames(frames, failure, visit)},
        }
        if story.is_group:
            value["mechanism"] |= _place_in_group(index, last)
        values.append(value)
    return values


def _place_in_group(index: int, last: int) -> dict[str, Any]:
    if index == last:
        return {"exception_id": 0, "is_exception_group": True}
    position = last - 1 - index
    return {
        "type": "chained",
        "exception_id": position + 1,
        "parent_id": 0,
        "source": f"exceptions[{position}]",
    }


def _frames(references: tuple[str, ...], failure: Failure, visit: Visit) -> list[dict[str, Any]]:
    places = [find_place(visit.service.code, reference) for reference in references]
    frames = [_frame(place, visit) for place in places]
    # What a story says of variables is true where the service's own code failed.
    own = [frame for frame in frames if "vars" in frame]
    if own:
        own[-1]["vars"] |= {name: visit.fill(value) for name, value in failure.locals.items()}
    return frames


def _frame(place: Place, visit: Visit) -> dict[str, Any]:
    snippet = place.snippet
    is_own = bool(snippet.locals)
    frame = {
        "filename": snippet.path,
        "abs_path": f"{_root_of(snippet.path, is_own)}/{snippet.path}",
        "module": snippet.module,
        "function": snippet.function,
        "lineno": place.line_number,
        "in_app": is_own,
    }
    if snippet.lines:
        before, line, following = place.context
        frame |= {"pre_context": before, "context_line": line, "post_context": following}
    if is_own:
        frame["vars"] = _variables(snippet.locals, visit)
    return frame


def _root_of(path: str, is_own: bool) -> str:
    if is_own:
        return ROOT
    first = path.partition("/")[0].removesuffix(".py")
    return STANDARD_LIBRARY if first in STANDARD_MODULES else SITE_PACKAGES


def _variables(templates: dict[str, str], visit: Visit) -> dict[str, Any]:
    """The values as the SDK shows them; "a.b" is the key b of the dictionary a."""
    found: dict[str, Any] = {}
    for name, template in templates.items():
        outer, _, inner = name.partition(".")
        value = visit.fill(template)
        if inner:
            found.setdefault(outer, {})[inner] = value
        else:
            found[outer] = value
    return found
