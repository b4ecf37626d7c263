"""Events that came with a memory dump, which says what they do not."""

from common.jsonio import JsonError, dumps, loads
from errors.native_crashes import describe_crash
from ingest.protocol.envelope import Envelope, Item

DUMP_TYPE = "event.minidump"


def add_native_crash(envelope: Envelope) -> Envelope:
    """The envelope with what its dump says in its event; any other envelope as it is."""
    dump = next((item for item in envelope.items if _is_dump(item)), None)
    index = next((i for i, item in enumerate(envelope.items) if item.type == "event"), None)
    if dump is None or index is None:
        return envelope
    item = envelope.items[index]
    try:
        event = loads(item.payload)
    except JsonError:
        return envelope
    if not isinstance(event, dict):
        return envelope
    described = Item(item.headers, dumps(describe_crash(event, bytes(dump.payload))))
    items = [*envelope.items[:index], described, *envelope.items[index + 1 :]]
    return Envelope(envelope.headers, items)


def _is_dump(item: Item) -> bool:
    return item.headers.get("attachment_type") == DUMP_TYPE and item.type == "attachment"
