"""Text that fits: trimmed with a mark, on one line, and safe for every store."""

ELLIPSIS = "…"
REPLACEMENT = "\ufffd"


def trim(text: str, limit: int) -> str:
    """Cut the text to at most `limit` characters; a cut text ends with "…"."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def first_line(text: str) -> str:
    """Return the first line that holds something, without the space around it."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def one_line(text: str) -> str:
    """Join the text's words by single spaces."""
    return " ".join(text.split())


def clean_text(text: str) -> str:
    """Replace what JSON encoders and PostgreSQL refuse: NUL and lone surrogates become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", REPLACEMENT)
