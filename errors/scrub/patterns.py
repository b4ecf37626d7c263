"""What secrets look like, as linear-time patterns in two flavours.

The text flavour is exact and runs over decoded texts. The JSON flavour runs over a serialised
value in one pass: it finds whatever the text flavour would find in any text within, and sensitive
keys besides. It may find too much, never too little: what it finds is judged again.
"""

from collections.abc import Sequence

import re2

# A key that contains one of these, in any case, holds a secret.
SENSITIVE_WORDS = (
    "password",
    "passwd",
    "pwd",
    "secret",
    "api[-_ ]?key",
    "auth",
    "credentials",
    "private[-_ ]?key",
    "token",
    "otp",
    "csrf",
    "xsrf",
    "session[-_ ]?id",
    "sessid",
    r"connect\.sid",
)
# A key that is one of these does too.
SENSITIVE_NAMES = ("cookie", "set-cookie", "http_cookie")
COOKIE_WORDS = (*SENSITIVE_WORDS, "sess", "sid")

TEXT_EDGE, TEXT_SPACE = r"\b", r"\s"
# In JSON a line break is two letters, of which the second would pass for a word's beginning.
JSON_EDGE, JSON_SPACE = r"(?:\b|\\[bfnrt]|\\u[0-9a-fA-F]{4})", r"(?:\s|\\[bfnrt])"


def compile_words(words: Sequence[str], names: Sequence[str] = ()) -> "re2._Regexp":
    """Compile what a sensitive key contains (words, as patterns) or is (names, as patterns)."""
    return re2.compile(f"(?i:{'|'.join(words)})|(?i:^(?:{'|'.join(names)})$)")


def compile_text_pattern(words: Sequence[str]) -> "re2._Regexp":
    """Compile the exact pattern. The first letter of what it finds tells the kind of secret."""
    pem = r"-----BEGIN [A-Z0-9 ]+-----(?s:.)*?(?:-----END [A-Z0-9 ]+-----|\z)"
    return re2.compile("|".join((pem, *_values(words, TEXT_EDGE, TEXT_SPACE))))


def compile_json_pattern(words: Sequence[str], names: Sequence[str]) -> "re2._Regexp":
    """Compile the one-pass pattern for serialised values. Besides secrets it finds

    sensitive keys, up to their colon: nothing else that it finds holds a quotation mark;
    escapes that orjson never writes: letters and slashes in disguise, which hide secrets from it.
    """
    inside = r'(?:[^"\\]|\\.)*'
    keys = f'(?:(?i:{"|".join(words)}){inside}|"(?i:{"|".join(names)}))"\\s*:'
    values = _values(words, JSON_EDGE, JSON_SPACE)
    return re2.compile("|".join((keys, "-----BEGIN ", *values, r"\\[u/]|\x00")))


def _values(words: Sequence[str], edge: str, space: str) -> tuple[str, ...]:
    """Return patterns without groups: an engine that must report groups takes thrice as long."""
    name = rf"[\w.%\[\]-]*(?i:{'|'.join(words)})[\w.%\[\]-]*"
    return (
        r"""://[^\s/?#:@"'<>]*:[^\s/?#"'<>]+@""",
        rf"(?i:bearer){space}+[A-Za-z0-9._~+/=-]{{4,}}",
        r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",
        rf"""[?&]{name}=[^\s&#"'<>\\]+""",
        rf"{edge}[2-6](?:\d{{12,18}}|\d{{3}}(?:[ -]\d{{4}}){{3}}(?:[ -]\d{{3}})?"
        r"|\d{3}[ -]\d{6}[ -]\d{4,5})\b",
        rf"{edge}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?\b",
    )
