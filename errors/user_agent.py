"""The browser and system behind a User-Agent header: the few that make up nearly all traffic."""

import re
from functools import lru_cache

# The particular before the general: most call themselves Chrome or Safari as well.
BROWSERS = (
    ("Edge", re.compile(r"\b(?:Edg|EdgA|EdgiOS|Edge)/(\d+)")),
    ("Opera", re.compile(r"\b(?:OPR|OPiOS|OPT|Opera)/(\d+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome|Chromium)/(\d+)")),
    ("Safari", re.compile(r"\bVersion/(\d+(?:\.\d+)?)\S* .*\bSafari/")),
)
SYSTEMS = (
    ("iOS", re.compile(r"\b(?:iPhone|iPad|iPod)\b(?:.*?\bOS (\d+(?:_\d+)?))?")),
    ("Android", re.compile(r"\bAndroid(?: (\d+(?:\.\d+)?))?")),
    ("Windows", re.compile(r"\bWindows(?: NT (\d+\.\d+))?")),
    ("macOS", re.compile(r"\bMac OS X(?: (\d+[._]\d+))?")),
    ("Linux", re.compile(r"\b(?:Linux|X11)\b()")),
)
# What Windows calls itself on the wire and on the box; 11 still says 10.0.
WINDOWS = {"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7"}
MAX_LENGTH = 512


@lru_cache(maxsize=1024)
def parse_user_agent(header: str) -> dict[str, tuple[str, str]]:
    """Return {"browser": (name, version), "os": (name, version)}, each only where it is known."""
    text = header[:MAX_LENGTH]
    found = {"browser": _first(BROWSERS, text), "os": _first(SYSTEMS, text)}
    return {name: pair for name, pair in found.items() if pair}


def _first(
    candidates: tuple[tuple[str, re.Pattern[str]], ...], text: str
) -> tuple[str, str] | None:
    for name, pattern in candidates:
        if found := pattern.search(text):
            version = (found[1] or "").replace("_", ".")
            return name, WINDOWS.get(version, version) if name == "Windows" else version
    return None
