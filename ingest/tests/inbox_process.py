"""A process that uses an inbox until somebody kills it; run as `python -m … PATH COMMAND`.

append: append messages without end, printing each row id once it may be answered.
hold:   read once, print how many came and how often they were delivered, then wait to be killed.
"""

import os
import sys
import time
from pathlib import Path

from ingest.inbox.base import Message
from ingest.inbox.sqlite import SqliteInbox


def message_of(body: bytes, receipt: bytes = b"") -> Message:
    return Message(
        receipt=receipt or os.urandom(16),
        project_id=1,
        key_id=2,
        kind="envelope",
        coding="gzip",
        event_id="",
        received_ms=1_800_000_000_000,
        client_ip="203.0.113.7",
        body=body,
    )


def main(path: Path, command: str) -> None:
    inbox = SqliteInbox(path, max_bytes=1 << 30, spool_bytes=100_000)
    if command == "hold":
        held = inbox.read(max_messages=64, max_bytes=1 << 20, linger_ms=0)
        print(len(held), held[0].deliveries if held else 0, flush=True)
        time.sleep(60)
    while True:
        sizes = (10, 6_000, 6_000, 120_000)
        futures = [inbox.append(message_of(os.urandom(size))) for size in sizes]
        print(*(future.result() for future in futures), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
