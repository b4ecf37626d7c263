"""Forms of several parts (RFC 7578), read in memory and within bounds."""

from collections.abc import Iterator
from dataclasses import dataclass

from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from ingest.endpoints.base import Sent
from ingest.errors import IngestError

MAX_PARTS = 200
_READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `filename` is None for a plain field, content_type "" where it is not said."""

    name: str
    filename: str | None
    content_type: str
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


def read_form(sent: Sent) -> list[Part]:
    """The parts of a body, in order.

    Raises: IngestError 400 for a body that is no such form, 413 for too many parts.
    """
    kind, options = parse_options_header(sent.content_type)
    if kind.lower() != "multipart/form-data" or not options.get("boundary"):
        raise IngestError(400, "The body is not multipart/form-data.")
    try:
        return list(_parts(sent.body, options["boundary"]))
    except ParserLimitReached as error:
        detail = "The form has too many or too long parts."
        raise IngestError(413, detail) from error.with_traceback(None)
    except (MultipartError, ValueError) as error:
        # The parser keeps its error, whose frames keep the parser and the body: with the traceback
        # both would stay in memory until the next round of garbage collection.
        causes = (str(error)[:200],)
        raise IngestError(400, "The form cannot be read.", causes) from error.with_traceback(None)


def _parts(body: bytes, boundary: str) -> Iterator[Part]:
    segment: MultipartSegment | None = None
    content: list[bytes] = []
    with PushMultipartParser(boundary, max_segment_count=MAX_PARTS) as parser:
        for start in range(0, len(body), _READ_BYTES):
            for event in parser.parse(body[start : start + _READ_BYTES]):
                if isinstance(event, MultipartSegment):
                    segment, content = event, []
                elif event:
                    content.append(bytes(event))
                elif segment is not None:
                    yield _part(segment, b"".join(content))


def _part(segment: MultipartSegment, content: bytes) -> Part:
    return Part(segment.name or "", segment.filename, segment.content_type or "", content)
