"""Source code as HTML: coloured on the server, in the five colours that the tokens have."""

from functools import lru_cache
from pathlib import PurePosixPath

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

# By the file's ending, else by the event's platform; others stay plain.
LANGUAGES = {
    "py": "python",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "jsx": "jsx",
    "ts": "typescript",
    "tsx": "tsx",
    "vue": "javascript",
    "svelte": "javascript",
    "go": "go",
    "php": "php",
    "rb": "ruby",
    "java": "java",
    "kt": "kotlin",
    "cs": "csharp",
    "rs": "rust",
    "c": "c",
    "cpp": "cpp",
    "swift": "swift",
    "ex": "elixir",
    "exs": "elixir",
    "node": "javascript",
    "python": "python",
    "javascript": "javascript",
    "ruby": "ruby",
    "csharp": "csharp",
    "elixir": "elixir",
    "rust": "rust",
}
COLOURS = (
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (String, "s"),
    (Number, "m"),
    (Name.Function, "n"),
    (Name.Class, "n"),
    (Name.Decorator, "n"),
    (Name.Builtin, "n"),
    (Name.Exception, "n"),
    (Name.Attribute, "n"),
    (Name.Tag, "k"),
)
# Minified bundles come as one endless line; colouring one is slow and helps nobody.
MAX_CHARS = 20_000


def language_of(filename: str, platform: str) -> str:
    """The Pygments name of a file's language, "" when it is not known."""
    ending = PurePosixPath(filename.partition("?")[0]).suffix.lstrip(".").lower()
    return LANGUAGES.get(ending) or LANGUAGES.get(platform, "")


# About 5 KB each.
@lru_cache(maxsize=512)
def colour_lines(code: str, language: str) -> tuple[SafeString, ...]:
    """Each line of the code as HTML that is safe to insert; frames repeat, so it is remembered."""
    if not language or len(code) > MAX_CHARS:
        return tuple(SafeString(escape(line)) for line in code.split("\n"))
    lines = [""]
    for token_type, text in _lexer(language).get_tokens(code):
        first, *rest = (_colour(part, token_type) for part in text.split("\n"))
        lines[-1] += first
        lines += rest
    # Everything in a line went through `escape`.
    return tuple(mark_safe(line) for line in lines)  # noqa: S308


def _colour(text: str, token_type: _TokenType) -> str:
    name = _colour_of(token_type)
    escaped = escape(text)
    return f'<span class="{name}">{escaped}</span>' if name and text.strip() else escaped


@lru_cache(maxsize=512)
def _colour_of(token_type: _TokenType) -> str:
    return next(
        # A token type contains its subtypes.
        (name for kind, name in COLOURS if token_type in kind),  # type: ignore[comparison-overlap]
        "",
    )


@lru_cache(maxsize=32)
def _lexer(language: str) -> Lexer:
    # PHP's lexer wants an opening tag unless told that it is inside; the others ignore the option.
    return get_lexer_by_name(language, stripnl=False, ensurenl=False, startinline=True)
