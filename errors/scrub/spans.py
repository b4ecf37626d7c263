"""Where secrets stand in a text, and the text without them."""

from collections.abc import Iterable

FILTERED = "[Filtered]"

# From the secret's first character up to, not including, the one after its last.
Span = tuple[int, int]


def replace_spans(text: str, spans: Iterable[Span]) -> str:
    """Return the text with each span replaced; spans that overlap are replaced as one."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start >= done:
            pieces += (text[done:start], FILTERED)
        done = max(done, end)
    return "".join((*pieces, text[done:]))
