"""Really prepared events to repeat: the demo's stories, each told a few times."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import zstandard

from common import jsonio
from config.demo.services import Service
from config.demo.story import Story
from config.demo.week import Moment, make_event
from errors.normalize.parse import ParsedEvent
from errors.scrub import ScrubPolicy
from errors.services.policies import ProjectPolicy
from errors.services.prepare import EventSource, PreparedEvent, prepare_event
from errors.storage.codec import compress, compress_hard, decompress, make_dictionary
from errors.storage.patterns import make_pattern
from errors.storage.training import DICTIONARY_BYTES, MAX_SAMPLES, PATTERN_SAMPLES, blank_document

# The time to fill is cut into parts, and a story is told so often in each.
PARTS = 4
VERSIONS = 3
SAMPLES = PARTS * VERSIONS
WEEK_H = 168.0


@dataclass(frozen=True, slots=True)
class Family:
    """A story's samples, oldest first, and their payloads as its group or its platform packs them.

    pattern: the content of the group's PayloadDictionary.
    """

    samples: list[PreparedEvent]
    pattern: bytes
    by_group: list[bytes]
    by_platform: list[bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A service's families; `dictionary` is the content of its platform's PayloadDictionary."""

    platform: str
    dictionary: bytes
    families: list[Family]


def prepare_kind(service: Service, stories: int, now: datetime) -> Kind:
    """Prepare the events of a service's first stories, and learn from them as the digest does."""
    told = [_tell(service, story, now) for story in service.stories[:stories]]
    dictionary = _train([text for texts in zip(*map(_texts, told), strict=True) for text in texts])
    return Kind(
        platform=told[0][0].summary.platform,
        dictionary=compress_hard(dictionary),
        families=[_make_family(samples, dictionary) for samples in told],
    )


def _tell(service: Service, story: Story, now: datetime) -> list[PreparedEvent]:
    """The story's events, evenly over the week that ends at `now`, oldest first."""
    step_s = WEEK_H * 3600 / SAMPLES
    end = now.timestamp()
    moments = [
        Moment(end - step_s * (SAMPLES - number), service, story, number)
        for number in range(SAMPLES)
    ]
    return [_prepare(make_event(moment, end), moment.at) for moment in moments]


def _prepare(event: dict[str, object], at: float) -> PreparedEvent:
    source = EventSource(0, str(event["event_id"]), at, None, None, {}, 0, {"type": "event"})
    return prepare_event(ParsedEvent(event), source, ProjectPolicy(0, ScrubPolicy()))


def _texts(samples: list[PreparedEvent]) -> list[bytes]:
    """Project 0 has no dictionary."""
    return [decompress(sample.payload.content, None) for sample in samples]


def _train(texts: list[bytes]) -> bytes:
    blanked: list[bytes | bytearray | memoryview] = [
        jsonio.dumps(blank_document(jsonio.loads(text))) for text in islice(texts, MAX_SAMPLES)
    ]
    return zstandard.train_dictionary(DICTIONARY_BYTES, blanked).as_bytes()


def _make_family(samples: list[PreparedEvent], dictionary: bytes) -> Family:
    texts = _texts(samples)
    documents = [jsonio.loads(text) for text in texts[:PATTERN_SAMPLES]]
    pattern = jsonio.dumps(make_pattern(documents, is_one_person=False))
    return Family(samples, compress_hard(pattern), _pack(texts, pattern), _pack(texts, dictionary))


def _pack(texts: list[bytes], content: bytes) -> list[bytes]:
    dictionary = make_dictionary(0, content)
    return [compress(text, dictionary) for text in texts]
