"""The text that stands in every field which somebody outside can write, and how to find it."""

from html.parser import HTMLParser
from typing import Any

# No hex digit and no word of ours: where it shows, somebody else's data shows.
MARK = "vq7xkz"
# Short, so that it fits into narrow fields; leaves a quoted attribute, and makes an element.
PROBE = f"{MARK}'\"><b onxss=1>"
SCRIPT_ADDRESS = f"javascript:{MARK}()"
_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "xlink:href", "srcset"}


def fill(value: Any) -> Any:
    """The same shape with the probe in every text and beside every key."""
    if isinstance(value, dict):
        filled = {key: fill(part) for key, part in value.items()}
        return filled | {PROBE: PROBE}
    if isinstance(value, list):
        return [fill(part) for part in value]
    return PROBE if isinstance(value, str) else value


def injected(page: str) -> list[str]:
    """What of the page came out of data, and not out of our templates."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.found += (f"<{tag} {name}={value}>" for name, value in attrs if _is_bad(name, value))
        self.found += (f"<{tag} {name}>" for name, _ in attrs if MARK in name)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        # Neither is unescaped by a browser: data has no business there.
        if self.inside in {"script", "style"} and MARK in data:
            self.found.append(f"<{self.inside}>{data[:100]}")

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.found.append(f"<!--{data[:100]}")


def _is_bad(name: str, value: str | None) -> bool:
    if name.startswith("on") or name == "srcdoc":
        return True
    address = "".join((value or "").split()).lower()
    is_script = address.startswith(("javascript:", "data:", "vbscript:"))
    return name in _ADDRESSES and is_script
