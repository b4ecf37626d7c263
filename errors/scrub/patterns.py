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
    """Compile the exact pattern; a match's last group names the kind of secret."""
    return re2.compile(
        r"(?P<pem>-----BEGIN [A-Z0-9 ]+-----(?s:.)*?(?:-----END [A-Z0-9 ]+-----|\z))|"
        + _value_kinds(words, TEXT_EDGE, TEXT_SPACE)
    )


def compile_json_pattern(words: Sequence[str], names: Sequence[str]) -> "re2._Regexp":
    """Compile the one-pass pattern for serialised values; it has two kinds more.

    "key" is a sensitive key with its colon. "escape" is text in disguise, which orjson never
    writes for letters and slashes, but others do: what is found then may be too little.
    """
    keys = f"(?i:{'|'.join(words)})" + r'(?:[^"\\]|\\.)*'
    return re2.compile(
        rf'(?P<key>(?:{keys}|"(?i:{"|".join(names)}))"\s*:)|(?P<pem>-----BEGIN )|'
        + _value_kinds(words, JSON_EDGE, JSON_SPACE)
        + r"|(?P<escape>\\[u/]|\x00)"
    )


def _value_kinds(words: Sequence[str], edge: str, space: str) -> str:
    kinds = {
        "url": r"""://[^\s/?#:@"'<>]*:[^\s/?#"'<>]+@""",
        "bearer": rf"(?i:bearer){space}+[A-Za-z0-9._~+/=-]{{4,}}",
        "jwt": r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",
        "query": rf"""[?&][\w.%\[\]-]*(?i:{"|".join(words)})[\w.%\[\]-]*=[^\s&#"'<>\\]+""",
        "card": rf"{edge}[2-6](?:\d{{12,18}}|\d{{3}}(?:[ -]\d{{4}}){{3}}(?:[ -]\d{{3}})?"
        r"|\d{3}[ -]\d{6}[ -]\d{4,5})\b",
        "iban": rf"{edge}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?\b",
    }
    return "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items())
