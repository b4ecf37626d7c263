"""Files as they come from applications: a name that is safe, what the bytes are. Pure."""

import unicodedata

from common.text import clean_text, last_part, one_line

MAX_NAME = 200
NO_NAME = "attachment"
# Pictures that browsers show and that hold no script; judged by their bytes, never by their name.
_IMAGE_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def clean_name(given: object) -> str:
    """The last part of a path as a name for one line and every file system.

    Control characters and those that turn the direction of writing are left out; a long name
    keeps its ending. "attachment" where nothing is left.
    """
    text = clean_text(given) if isinstance(given, str) else ""
    last = last_part(text)
    # Cc: control, Cf: format, such as the override that makes "gpj.exe" read as "exe.jpg".
    shown = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf"})
    return _shorten(one_line(shown).strip(". ")) or NO_NAME


def _shorten(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= MAX_NAME or len(ending) > 16:
        return name[:MAX_NAME]
    return stem[: MAX_NAME - len(ending) - 1] + dot + ending


def image_type(content: bytes) -> str:
    """The media type of a picture that a page may show; "" for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((type_ for start, type_ in _IMAGE_STARTS if content.startswith(start)), "")
