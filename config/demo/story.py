"""What a story is: one cause of errors in one service, and when it struck.

Texts are templates of `string.Template`: $order_id and its like are filled in for each event from
`people.make_facts`. Times are hours before now, so that the week always ends with this minute.
"""

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["debug", "info", "warning", "error", "fatal"]


@dataclass(frozen=True, slots=True)
class Wave:
    """Some of a story's events: how many, and how they spread between two moments.

    rhythm: as many as the shop has customers at that hour; flat: evenly;
    decay:  most at first, half as many after each `half_life_h`.
    """

    events: int
    since_h: float
    until_h: float = 0.0
    shape: Literal["rhythm", "flat", "decay"] = "rhythm"
    half_life_h: float = 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """One exception: type with its module, message, and frames from the outermost to the crash.

    frames: "function: part of the line" finds an in-app line in `code/`, a dotted name a library's
    line; for a browser "path.js:line:column function".
    elsewhere: the message as other browsers word it, by the browser's name.
    """

    kind: str
    value: str
    frames: tuple[str, ...] = ()
    elsewhere: dict[str, str] = field(default_factory=dict)
    locals: dict[str, str] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The exception's module, "" for a built-in one."""
        return self.kind.rpartition(".")[0]

    @property
    def type(self) -> str:
        """The exception's bare name."""
        return self.kind.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One issue in the making.

    failures:  the cause first; with `is_group` all but the last are parts of the last.
    message:   for a story without an exception: the logger's template and its arguments.
    place:     "POST /orders/{order_id}" of an API, a task's name, or a page's path.
    trail:     the name of the breadcrumbs in `trails`; `steps` follow them.
    entry:     the library frames before the last failure's own; None: as the service has them.
    environment: where alone it happens; "": in production, and now and then on staging.
    is_stale:  the visitor's page is still of the release before.
    browsers:  those that it happens in, all when empty.
    resolved_h, archived_h: when the administrator did that.
    """

    name: str
    waves: tuple[Wave, ...]
    place: str
    failures: tuple[Failure, ...] = ()
    message: str = ""
    params: tuple[str, ...] = ()
    logger: str = ""
    level: Level = "error"
    is_group: bool = False
    is_handled: bool = False
    mechanism: str = ""
    entry: tuple[str, ...] | None = None
    trail: str = ""
    steps: tuple[str, ...] = ()
    body: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    environment: str = ""
    has_user: bool = True
    is_stale: bool = False
    browsers: frozenset[str] = frozenset()
    resolved_h: float | None = None
    archived_h: float | None = None


# Whenever the demo is made, it is half past three in the shop: the week always ends in daylight.
SHOP_HOUR_NOW = 15.5
# Old troubles began a day before the week, and are no longer new at its end.
OLD_H = 192.0
NIGHTS = 8


def raised(kind: str, value: str, *frames: str, **more: dict[str, str]) -> Failure:
    """A failure, with its frames as plain arguments."""
    return Failure(kind, value, frames, **more)


def all_along(events: int) -> tuple[Wave, ...]:
    """Events of an old trouble, in the customers' rhythm."""
    return (Wave(events, since_h=OLD_H),)


def between(events: int, since_h: float, until_h: float = 0.0) -> tuple[Wave, ...]:
    """Events from one moment to another, in the customers' rhythm."""
    return (Wave(events, since_h, until_h),)


def outage(events: int, since_h: float, minutes: float) -> tuple[Wave, ...]:
    """Events evenly over some minutes: something else was away."""
    return (Wave(events, since_h, since_h - minutes / 60, shape="flat"),)


def after(events: int, since_h: float, half_life_h: float) -> tuple[Wave, ...]:
    """Events that begin at once, as after a deploy, and die away."""
    return (Wave(events, since_h, shape="decay", half_life_h=half_life_h),)


def every_night(events: int, shop_hour: float, minutes: float = 20) -> tuple[Wave, ...]:
    """Events of a nightly job: so many each night, from that hour of the shop's day on."""
    starts = [(SHOP_HOUR_NOW - shop_hour) % 24 + 24 * night for night in range(NIGHTS)]
    return tuple(Wave(events, start, start - minutes / 60, shape="flat") for start in starts)
