"""Native crashes: what an event says by its memory dump where it says nothing itself. Pure."""

from collections.abc import Mapping
from typing import Any

from errors.native_crashes.minidump import Crash, read_crash

__all__ = ["describe_crash"]

# An event with one of these says itself what happened.
_ACCOUNTS = ("exception", "threads", "stacktrace", "logentry", "message")
_LIMIT = 200
_CRASH = "Native crash"


def describe_crash(event: Mapping[str, Any], dump: bytes) -> dict[str, Any]:
    """The event with what its minidump says: a fault in a module, an address, the system."""
    crash = read_crash(dump)
    contexts = event.get("contexts")
    described = {
        **event,
        "contexts": {
            "minidump": _facts(crash),
            **(contexts if isinstance(contexts, dict) else {}),
        },
    }
    if not any(event.get(name) for name in _ACCOUNTS):
        described["exception"] = {"values": [_exception(crash)]}
    return described


def _exception(crash: Crash) -> dict[str, Any]:
    place = f"in {crash.module[:_LIMIT]}" if crash.module else ""
    return {
        "type": crash.fault or _CRASH,
        # The type says already what it was where no fault is known.
        "value": f"{_CRASH} {place}".rstrip() if crash.fault else place,
        "mechanism": {"type": "minidump", "handled": False},
    }


def _facts(crash: Crash) -> dict[str, Any]:
    facts = {
        "crash_address": None if crash.address is None else f"0x{crash.address:x}",
        "crashed_thread": crash.thread_id,
        "module": crash.module[:_LIMIT],
        "system": crash.system,
        "architecture": crash.architecture,
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}
