"""Forms of several parts and memory dumps, as crash reporters send them."""

import struct

BOUNDARY = "----crash7d93b1"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
# Name, filename or None for a plain field, content.
FormPart = tuple[str, str | None, bytes]


def form_of(*parts: FormPart) -> bytes:
    """A body of these parts."""
    lines = []
    for name, filename, content in parts:
        file = "" if filename is None else f'; filename="{filename}"'
        lines.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
            + content
            + b"\r\n"
        )
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def make_minidump(
    *,
    code: int = 11,
    address: int = 0x401234,
    platform: int = 0x8201,
    module: str = "/opt/libshop.so",
) -> bytes:
    """A dump with an exception, one module of a megabyte at 0x400000, and the system."""
    name = module.encode("utf-16-le")
    at = 32 + 3 * 12
    exception = struct.pack("<IIIIQQ", 77, 0, code, 0, 0, address) + bytes(136)
    system = struct.pack("<HHHBBIIIII", 9, 6, 0, 8, 1, 6, 8, 0, platform, 0) + bytes(28)
    modules_at = at + len(exception) + len(system)
    name_at = modules_at + 4 + 108
    modules = struct.pack("<IQIIII", 1, 0x400000, 0x100000, 0, 0, name_at) + bytes(84)
    directory = struct.pack("<III", 6, len(exception), at)
    directory += struct.pack("<III", 7, len(system), at + len(exception))
    directory += struct.pack("<III", 4, len(modules), modules_at)
    header = struct.pack("<4sIIIIIQ", b"MDMP", 0xA793, 3, 32, 0, 1_763_600_000, 0)
    named = struct.pack("<I", len(name)) + name
    return header + directory + exception + system + modules + named
