"""Text that fits: trimmed with a mark, on one line, safe for every store; and ids in text."""

ELLIPSIS = "…"
REPLACEMENT = "\ufffd"
# More of them may be beyond 64 bits, and some thousands beyond what int() takes.
_MAX_DIGITS = 18


def trim(text: str, limit: int) -> str:
    """Cut the text to at most `limit` characters; a cut text ends with "…"."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def first_line(text: str) -> str:
    """Return the first line that holds something, without the space around it."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def one_line(text: str) -> str:
    """Join the text's words by single spaces."""
    return " ".join(text.split())


def last_part(path: str) -> str:
    """A path's last part, whichever system wrote it."""
    return path.replace("\\", "/").rpartition("/")[2]


def read_id(text: str) -> int | None:
    """The number in an address or a form, if a 64-bit column can hold it; None otherwise."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    return int(text) if is_number else None


def clean_text(text: str) -> str:
    """Replace what JSON encoders and PostgreSQL refuse: NUL and lone surrogates become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", REPLACEMENT)
