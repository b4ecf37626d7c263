"""The browsers that the shop's customers use, as they name themselves."""

import random
from dataclasses import dataclass

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser on a system; `share` is how many of a hundred visits come with it."""

    name: str
    version: str
    os: str
    os_version: str
    user_agent: str
    share: int
    device: str = ""


BROWSERS = (
    Browser("Chrome", "142.0.0", "Windows", "11", f"{WINDOWS} {CHROME} Safari/537.36", 27),
    Browser("Chrome", "142.0.0", "macOS", "15.7", f"{MAC} {CHROME} Safari/537.36", 9),
    Browser("Chrome", "142.0.0", "Android", "16", f"{ANDROID} {CHROME} Mobile Safari/537.36", 17),
    Browser(
        "Safari",
        "26.0",
        "iOS",
        "18.7",
        f"{IPHONE} {WEBKIT}/26.0 Mobile/15E148 Safari/604.1",
        18,
        "iPhone",
    ),
    Browser("Safari", "18.6", "macOS", "15.7", f"{MAC} {WEBKIT}/18.6 Safari/605.1.15", 7),
    Browser(
        "Firefox",
        "145.0",
        "Windows",
        "11",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        9,
    ),
    Browser("Firefox", "145.0", "Linux", "", f"{LINUX} Gecko/20100101 Firefox/145.0", 4),
    Browser(
        "Edge",
        "142.0.0",
        "Windows",
        "11",
        f"{WINDOWS} {CHROME} Safari/537.36 Edg/142.0.0.0",
        9,
    ),
)


def choose_browser(rng: random.Random, only: frozenset[str] = frozenset()) -> Browser:
    """One visit's browser, of these names where a story happens in some only."""
    known = [one for one in BROWSERS if not only or one.name in only]
    return rng.choices(known, [one.share for one in known])[0]
