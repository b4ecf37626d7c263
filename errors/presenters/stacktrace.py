"""Exceptions and threads: how each stands to the others, and its frames."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from errors.presenters.frames import FrameRun, present_frames

# About what the heading shows before it cuts.
LONG_MESSAGE = 300
LONG_LINES = 3


@dataclass(frozen=True, slots=True)
class Stack:
    """An exception or a thread with its frames in the order asked for.

    `relation` says how it stands to the one above: "caused by", "in the group", or "".
    """

    title: str
    message: str
    module: str
    relation: str
    notes: list[tuple[str, str]]
    runs: list[FrameRun]

    @property
    def is_message_long(self) -> bool:
        """Whether the heading cuts the message, so that the code stays in sight."""
        return len(self.message) > LONG_MESSAGE or self.message.count("\n") > LONG_LINES


def present_exceptions(event: Mapping[str, Any], *, newest_first: bool) -> list[Stack]:
    """Every exception of the chain, the one that was raised last on top."""
    values = event.get("exception", {}).get("values", [])
    return [
        _exception(values, index, str(event.get("platform", "")), newest_first)
        for index in reversed(range(len(values)))
    ]


def present_threads(event: Mapping[str, Any], *, newest_first: bool) -> list[Stack]:
    """Threads that have frames, the crashed one first."""
    threads = [
        thread
        for thread in event.get("threads", {}).get("values", [])
        if thread.get("stacktrace", {}).get("frames")
    ]
    threads.sort(key=lambda thread: (not thread.get("crashed"), not thread.get("current")))
    platform = str(event.get("platform", ""))
    return [
        _thread(thread, platform, newest_first, is_first=not at)
        for at, thread in enumerate(threads)
    ]


def _exception(
    values: list[Mapping[str, Any]], index: int, platform: str, newest_first: bool
) -> Stack:
    exception = values[index]
    frames = exception.get("stacktrace", {}).get("frames", [])
    return Stack(
        title=exception.get("type", "") or "Error",
        message=exception.get("value", ""),
        module=exception.get("module", ""),
        relation=_relation(values, index),
        notes=_mechanism_notes(exception.get("mechanism", {})),
        runs=present_frames(frames, platform, newest_first, opens=True),
    )


def _relation(values: list[Mapping[str, Any]], index: int) -> str:
    if index == len(values) - 1:
        return ""
    parent_id = values[index].get("mechanism", {}).get("parent_id")
    for other in values:
        mechanism = other.get("mechanism", {})
        if mechanism.get("is_exception_group") and mechanism.get("exception_id") == parent_id:
            return "in the group"
    return "caused by"


def _mechanism_notes(mechanism: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Badges: (label, kind)."""
    notes = []
    if mechanism.get("handled") is False:
        notes.append(("unhandled", "error"))
    elif mechanism.get("handled"):
        notes.append(("handled", ""))
    if mechanism.get("type"):
        notes.append((str(mechanism["type"]), ""))
    return notes


def _thread(
    thread: Mapping[str, Any], platform: str, newest_first: bool, *, is_first: bool
) -> Stack:
    flags = ("crashed", "current", "main")
    name = thread.get("name") or thread.get("id")
    return Stack(
        title=f"Thread {name}" if name is not None else "Stack trace",
        message="",
        module="",
        relation="",
        notes=[(flag, "") for flag in flags if thread.get(flag)],
        runs=present_frames(thread["stacktrace"]["frames"], platform, newest_first, opens=is_first),
    )
