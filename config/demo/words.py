"""What the shop's customers wrote about the week, and files that came with its errors."""

import struct
import zlib
from dataclasses import dataclass
from typing import Any

from common import jsonio
from errors.models import Event

Item = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True)
class Note:
    """A customer's words about the newest error of a story, or about no error at all."""

    service: str
    message: str
    name: str
    email: str
    page: str
    story: str = ""
    has_picture: bool = False


NOTES = (
    Note(
        "shop-api",
        "I wanted to pay for the boots and the page went white.\nTried twice, same thing.",
        "Hanna Keller",
        "hanna.keller@example.com",
        "https://shop.example.com/checkout",
        story="cart-without-currency",
        has_picture=True,
    ),
    Note(
        "shop-api",
        "The order says it failed, but my bank took the money. Please check.",
        "Daan Visser",
        "daan.visser@example.com",
        "https://shop.example.com/orders/latest",
        story="payment-unavailable",
    ),
    Note(
        "shop-api",
        "Still no invoice for last week's order.",
        "",
        "studio@example.com",
        "",
        story="no-address",
    ),
    Note(
        "shop-web",
        "Love the new search! Could the filters stay open on a phone?",
        "Tara Marin",
        "tara.marin@example.com",
        "https://shop.example.com/search?q=rain+jacket",
    ),
)
# Files of a story's newest error: name, media type and content.
FILES: dict[str, tuple[tuple[str, str, bytes], ...]] = {
    "payment-unavailable": (
        ("order.json", "application/json", b'{"order": 20417, "lines": 3, "total": "118.50"}\n'),
        ("payment.log", "text/plain", b"19:02:11 charge begins\n19:02:16 no answer\n" * 40),
    ),
}


def feedback_of(note: Note, own_id: str, about: Event | None) -> list[Item]:
    """The items of the envelope that a feedback form sends."""
    words = {
        "message": note.message,
        "name": note.name,
        "contact_email": note.email,
        "url": note.page,
    }
    if about:
        words["associated_event_id"] = about.event_id.hex
    event = {"event_id": own_id, "contexts": {"feedback": words}}
    items: list[Item] = [({"type": "feedback"}, jsonio.dumps(event))]
    if note.has_picture:
        items.append(_attachment("screenshot.png", "image/png", draw_picture()))
    return items


def files_of(story: str) -> list[Item]:
    """The attachments of a story's newest error."""
    return [_attachment(*file) for file in FILES[story]]


def _attachment(name: str, content_type: str, content: bytes) -> Item:
    headers = {"type": "attachment", "filename": name, "content_type": content_type}
    return headers, content


def draw_picture(width: int = 240, height: int = 150) -> bytes:
    """A PNG of an almost empty page: a dark bar above, a pale box below."""
    bar, box, page = b"\x2b\x2a\x4a", b"\xe6\xe6\xf2", b"\xff\xff\xff"
    rows = []
    for y in range(height):
        edge = page * (width // 6)
        middle = box if height // 3 < y < 2 * height // 3 else page
        row = bar * width if y < 20 else edge + middle * (width - 2 * (width // 6)) + edge
        rows.append(b"\0" + row)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)
