"""What a minidump says in its first tables: which fault, in which module, on which system.

Source: Microsoft's minidumpapiset.h; Breakpad's minidump_format.h for the other systems.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from common.text import last_part

_MAGIC = b"MDMP"
_HEADER = struct.Struct("<4sIIIIIQ")
_DIRECTORY = struct.Struct("<III")
_MODULES, _EXCEPTION, _SYSTEM = 4, 6, 7
_MODULE = struct.Struct("<QIIII")
_MODULE_BYTES = 108
_MAX_STREAMS, _MAX_MODULES, _MAX_NAME_BYTES = 100, 5000, 1024

_PLATFORMS = {
    2: "Windows",
    0x8101: "macOS",
    0x8102: "iOS",
    0x8201: "Linux",
    0x8203: "Android",
}
_ARCHITECTURES = {0: "x86", 5: "arm", 9: "x86_64", 12: "arm64", 0x8003: "arm64"}
_WINDOWS_FAULTS = {
    0x80000003: "EXCEPTION_BREAKPOINT",
    0xC0000005: "EXCEPTION_ACCESS_VIOLATION",
    0xC0000006: "EXCEPTION_IN_PAGE_ERROR",
    0xC000001D: "EXCEPTION_ILLEGAL_INSTRUCTION",
    0xC0000094: "EXCEPTION_INT_DIVIDE_BY_ZERO",
    0xC00000FD: "EXCEPTION_STACK_OVERFLOW",
    0xC0000374: "STATUS_HEAP_CORRUPTION",
    0xC0000409: "STATUS_STACK_BUFFER_OVERRUN",
    0xE06D7363: "Unhandled C++ exception",
}
_SIGNALS = {4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV"}
_MACH_FAULTS = {
    1: "EXC_BAD_ACCESS",
    2: "EXC_BAD_INSTRUCTION",
    3: "EXC_ARITHMETIC",
    5: "EXC_SOFTWARE",
    6: "EXC_BREAKPOINT",
    10: "EXC_CRASH",
    11: "EXC_RESOURCE",
    12: "EXC_GUARD",
}
_FAULTS = {
    "Windows": _WINDOWS_FAULTS,
    "Linux": _SIGNALS,
    "Android": _SIGNALS,
    "macOS": _MACH_FAULTS,
    "iOS": _MACH_FAULTS,
}


@dataclass(frozen=True, slots=True)
class Crash:
    """What is known of it; texts are "" and numbers None where the dump does not say."""

    fault: str = ""
    address: int | None = None
    thread_id: int | None = None
    module: str = ""
    system: str = ""
    architecture: str = ""


def read_crash(content: bytes) -> Crash:
    """Read the tables that are there; what is cut off or points nowhere is left out."""
    if content[:4] != _MAGIC or len(content) < _HEADER.size:
        return Crash()
    streams = dict(_streams(content))
    platform, system, architecture = _read_system(streams.get(_SYSTEM, b""))
    exception = streams.get(_EXCEPTION, b"")
    if len(exception) < 32:
        return Crash(system=system, architecture=architecture)
    thread_id, _, code, _, _, address = struct.unpack_from("<IIIIQQ", exception)
    fault = _FAULTS.get(platform, {}).get(code, f"fault 0x{code:08x}")
    module = _module_at(content, streams.get(_MODULES, b""), address)
    return Crash(fault, address, thread_id, module, system, architecture)


def _streams(content: bytes) -> Iterator[tuple[int, bytes]]:
    _, _, count, offset, _, _, _ = _HEADER.unpack_from(content)
    for index in range(min(count, _MAX_STREAMS)):
        start = offset + index * _DIRECTORY.size
        if start + _DIRECTORY.size > len(content):
            return
        kind, length, position = _DIRECTORY.unpack_from(content, start)
        if kind in (_MODULES, _EXCEPTION, _SYSTEM):
            yield kind, content[position : position + length]


def _read_system(stream: bytes) -> tuple[str, str, str]:
    """The platform, the system with its version, and the processor."""
    if len(stream) < 24:
        return "", "", ""
    processor, _, _, _, _, major, minor, build, number = struct.unpack_from("<HHHBBIIII", stream)
    platform = _PLATFORMS.get(number, "")
    system = f"{platform} {major}.{minor}.{build}" if platform else ""
    return platform, system, _ARCHITECTURES.get(processor, "")


def _module_at(content: bytes, stream: bytes, address: int) -> str:
    """The file name of the module that holds this address, "" when none does."""
    if len(stream) < 4:
        return ""
    (count,) = struct.unpack_from("<I", stream)
    for index in range(min(count, _MAX_MODULES)):
        start = 4 + index * _MODULE_BYTES
        if start + _MODULE_BYTES > len(stream):
            return ""
        base, size, _, _, name_at = _MODULE.unpack_from(stream, start)
        if base <= address < base + size:
            return last_part(_text_at(content, name_at))
    return ""


def _text_at(content: bytes, position: int) -> str:
    if position + 4 > len(content):
        return ""
    (length,) = struct.unpack_from("<I", content, position)
    start = position + 4
    return content[start : start + min(length, _MAX_NAME_BYTES)].decode("utf-16-le", "replace")
