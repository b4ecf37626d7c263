"""A process that uses an inbox until somebody kills it; run as `python -m … PLACE COMMAND`.

append: append messages without end, printing each row id once it may be answered.
hold:   read once there is something, print how many came and how often they were delivered, then
        wait to be killed.
"""

import os
import sys
import time

from ingest.tests.inboxes import message_of, open_inbox_at, take_soon


def main(place: str, command: str) -> None:
    inbox = open_inbox_at(place, max_bytes=1 << 30)
    if command == "hold":
        held = take_soon(inbox, 64)
        print(len(held), held[0].deliveries, flush=True)
        time.sleep(60)
    while True:
        sizes = (10, 6_000, 6_000, 120_000)
        futures = [inbox.append(message_of(os.urandom(size))) for size in sizes]
        print(*(future.result() for future in futures), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
