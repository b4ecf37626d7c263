"""How small payloads become, and what it costs: python -m benchmarks.storage

Bytes and microseconds (medians) for one payload, packed against nothing, against a trained
dictionary of the platform, and against the pattern of its group.
"""

# The settings must stand before anything of the site is imported.
# ruff: noqa: E402

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from typing import Any

import django
import zstandard

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="catchall-storage-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from benchmarks.events import make_event
from common.jsonio import dumps
from errors.normalize import normalize_event
from errors.storage.codec import Dictionary, compress, make_dictionary
from errors.storage.patterns import make_pattern
from errors.storage.times import fold_times
from errors.storage.training import DICTIONARY_BYTES, MAX_SAMPLES, blank_document

GROUPS = 25
SAMPLES = 8
TESTED = 8
NOW = 1_790_000_000.0


def main() -> None:
    """Compare payloads without a dictionary, with their platform's and with their group's."""
    tested = {group: [text_of(group, 100 + n) for n in range(TESTED)] for group in range(GROUPS)}
    size = statistics.mean(map(len, chain.from_iterable(tested.values())))
    print(f"{size:.0f} bytes of JSON")
    platform = make_dictionary(1, train())
    patterns = {group: make_dictionary(2 + group, pattern_of(group)) for group in tested}
    report("nothing", lambda _: None, tested)
    report("the platform's dictionary", lambda _: platform, tested)
    report("its group's pattern", patterns.__getitem__, tested)


def report(
    name: str, choose: Callable[[int], Dictionary | None], tested: dict[int, list[bytes]]
) -> None:
    """Print the mean size and the median time of compressing the texts of all groups."""
    sizes, times = [], []
    for group, texts in tested.items():
        dictionary = choose(group)
        for text in texts:
            begin = time.perf_counter()
            sizes.append(len(compress(text, dictionary)))
            times.append(time.perf_counter() - begin)
    microseconds = statistics.median(times) * 1e6
    print(f"{name:28}{statistics.mean(sizes):8.0f} bytes{microseconds:8.0f} µs")


def train() -> bytes:
    """Train as errors.storage.training does, on events of all groups."""
    samples: list[bytes | bytearray | memoryview] = [
        dumps(blank_document(document_of(serial % GROUPS, serial))) for serial in range(MAX_SAMPLES)
    ]
    return zstandard.train_dictionary(DICTIONARY_BYTES, samples).as_bytes()


def pattern_of(group: int) -> bytes:
    """What the group's events have in common, as the digest learns it."""
    documents = [document_of(group, serial) for serial in range(SAMPLES)]
    return dumps(make_pattern(documents, is_one_person=False))


def text_of(group: int, serial: int) -> bytes:
    """A document's JSON, before it is compressed."""
    return dumps(document_of(group, serial))


def document_of(group: int, serial: int) -> dict[str, Any]:
    """A document as it is packed, its times folded."""
    raw = make_event(group, serial, at=NOW)
    event = normalize_event(
        raw, event_id=raw["event_id"], received_at=NOW, sent_at=None, client_ip=None
    ).event
    fold_times(event)
    return {"event": event, "envelope": {"event_id": raw["event_id"]}, "problems": []}


if __name__ == "__main__":
    main()
