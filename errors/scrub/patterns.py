"""What secrets look like, as linear-time patterns in two flavours.

The text flavour is exact and runs over decoded texts. The JSON flavour runs over a serialised
value in one pass: it finds whatever the text flavour would find in any text within, and sensitive
keys besides. It may find too much, never too little: what it finds is judged again.
"""

import re
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
# Quotes within a text that was escaped, once or more, have backslashes.
QUOTE = r"""\\*["']"""
LITERAL = rf"[bBrRuUfF]{{0,2}}{QUOTE}"
SIGN = " *(?::|=>?) *"
BARE = r"""[^\x00-\x20"'\\,;&()\[\]{}<>#=][^\x00-\x20"'\\,;&()\[\]{}<>#]*"""
PEM = r"-----BEGIN [A-Z0-9 ]+-----(?s:.)*?(?:-----END [A-Z0-9 ]+-----|\z)"
GROUP_NAME = re.compile(r"\?P<\w+>")


def compile_words(words: Sequence[str], names: Sequence[str] = ()) -> "re2._Regexp":
    """Compile what a sensitive key contains (words, as patterns) or is (names, as patterns)."""
    return re2.compile(f"(?i:{'|'.join(words)})|(?i:^(?:{'|'.join(names)})$)")


def compile_text_pattern(words: Sequence[str], names: Sequence[str]) -> "re2._Regexp":
    """Compile what tells quickly whether a text holds anything to look at."""
    named = GROUP_NAME.sub("?:", _named(words, names, " "))
    return re2.compile("|".join((PEM, *_shapes(words, TEXT_EDGE, TEXT_SPACE), named)))


def compile_shapes(words: Sequence[str]) -> "re2._Regexp":
    """Compile secrets by their looks. The first letter of a match tells the kind of secret."""
    return re2.compile("|".join((PEM, *_shapes(words, TEXT_EDGE, TEXT_SPACE))))


def compile_named(words: Sequence[str], names: Sequence[str]) -> "re2._Regexp":
    """Compile names of secrets, up to where their value begins. Groups:

    key, in quotes, or variable: behind them begins a literal or a container of literals, or
    behind a key a number; field: behind it stands its whole value, bare; first of a pair.
    """
    return re2.compile(_named(words, names, " "))


def compile_json_pattern(words: Sequence[str], names: Sequence[str]) -> "re2._Regexp":
    """Compile the one-pass pattern for serialised values. Besides secrets it finds

    sensitive keys, up to their colon: nothing else that it finds holds a quotation mark before it;
    escapes that orjson never writes: letters and slashes in disguise, which hide secrets from it.
    """
    inside = r'(?:[^"\\]|\\.)*'
    exact = rf""""(?:[bBrRuUfF]{{0,2}}')?(?i:{"|".join(names)})'?"""
    keys = f'(?:(?i:{"|".join(words)}){inside}|{exact})"\\s*:'
    shapes = _shapes(words, JSON_EDGE, JSON_SPACE)
    named = GROUP_NAME.sub("?:", _named(words, names, r"\s"))
    return re2.compile("|".join((keys, "-----BEGIN ", *shapes, named, r"\\[u/]|\x00")))


def _shapes(words: Sequence[str], edge: str, space: str) -> tuple[str, ...]:
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


def _named(words: Sequence[str], names: Sequence[str], space: str) -> str:
    word = f"(?i:{'|'.join((*words, *names))})"
    name = rf"[\w.-]*{word}[\w.-]*"
    return "|".join(
        (
            rf"(?P<key>{name})\]?{QUOTE}\]?{SIGN}"
            rf"(?:(?P<key_opening>[\[({{ ]*{LITERAL})|(?P<number>-?\d[\w.+-]*))",
            rf"(?P<variable>{name})\]?{SIGN}(?P<variable_opening>[\[( ]*{LITERAL})",
            rf"(?P<field>[\w.%\[\]-]*{word}[\w.%\[\]-]*)=(?P<bare>{BARE})",
            rf"[(\[]{space}*(?:{LITERAL}){{1,2}}(?P<first>[\w-]*{word}[\w-]*)(?:{QUOTE}){{1,2}}"
            rf"{space}*,{space}*{LITERAL}",
        )
    )
