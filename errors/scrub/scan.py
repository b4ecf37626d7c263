"""One pass over serialised JSON that tells whether it holds a secret; in doubt it does."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate

import re2

from errors.scrub.named import is_secret_bare
from errors.scrub.patterns import LITERAL, QUOTE
from errors.scrub.shapes import secret_in
from errors.scrub.spans import FILTERED

# After so many harmless matches the scan gives up: each can cost a look at all that follows.
MAX_HARMLESS = 64
MAX_NAMED_LENGTH = 300
# What may follow a sensitive key in JSON without being a secret.
HARMLESS = re.compile(rb'\s*(?:"(?:\[Filtered\])?"|null|true|false|\[\]|\{\})')
LEADING_ESCAPE = re.compile(r"^\\(?:u.{4}|.)")
DISGUISES = (b"\\u", b"\\/", b"\0")
QUOTES, SIGNS = frozenset(b"\"'"), frozenset(b"\"'=")
# The shapes that can hold a sign of what is named.
SHAPE = re.compile(rb"[?&:]|(?i:bearer)[\s\\]")
NAME_END = re.compile(rb"[^\w.%\[\]-]")
BEFORE_NAME = re.compile(rf"[(\[]\s*(?:{LITERAL}){{1,2}}")
BEHIND_NAME = re.compile(
    rf"\]?(?:{QUOTE}){{0,2}}\]?\s*(?::|=>?|,)\s*"
    rf"(?:(?P<brackets>[\[({{ ]*)[bBrRuUfF]{{0,2}}(?P<quote>{QUOTE})|-?\d[\w.+-]*)\Z"
)


class JsonScan:
    """Searches by `patterns.compile_json_pattern` and judges what is found."""

    def __init__(self, pattern: "re2._Regexp", is_sensitive: Callable[[str], bool]) -> None:
        self._pattern = pattern
        self._is_sensitive = is_sensitive

    def has_secrets(self, serialised: bytes, *, is_foreign: bool) -> bool:
        """Tell whether JSON holds a sensitive key or a secret text.

        JSON that orjson did not write is foreign: it can have letters in disguise.
        """
        return self._find_secret(serialised, 0, is_foreign=is_foreign) is not None

    def find_parts(self, parts: list[bytes]) -> Iterator[int]:
        """Yield the indexes of the parts that hold secrets; all are objects or lists."""
        serialised = b"\n".join(parts)
        ends = list(accumulate(len(part) + 1 for part in parts))
        position = 0
        while (found := self._find_secret(serialised, position, is_foreign=False)) is not None:
            index = bisect_right(ends, found)
            yield index
            position = ends[index]

    def _find_secret(self, serialised: bytes, position: int, *, is_foreign: bool) -> int | None:
        for _ in range(MAX_HARMLESS):
            found = self._pattern.search(serialised, position)
            if found is None:
                return None
            start: int = found.start()
            end: int = found.end()
            if self._is_secret_at(serialised, start, end, is_foreign=is_foreign):
                return start
            # A secret can begin within what was harmless, though not within the same name.
            beyond_name = NAME_END.search(serialised, start + 1, end)
            position = beyond_name.start() if beyond_name else end
        return position

    def _is_secret_at(self, serialised: bytes, start: int, end: int, *, is_foreign: bool) -> bool:
        found = serialised[start:end]
        if found in DISGUISES:
            return is_foreign
        if SIGNS.isdisjoint(found) or SHAPE.match(found):
            return self._is_shape_at(serialised, start, end)
        if found.endswith(b":") and b'"' in found:
            return self._is_sensitive_at(serialised, start, end)
        if QUOTES.isdisjoint(found):
            return self._is_bare_at(serialised, start, end)
        return self._is_named_at(serialised, start, end)

    def _is_shape_at(self, serialised: bytes, start: int, end: int) -> bool:
        around = serialised[max(start - 8, 0) : start]
        # An escape blurs what stands before: then it counts as nothing.
        is_blurred = b"\\" in around or serialised[start : start + 1] == b"\\"
        before = "" if is_blurred else around.decode(errors="replace")
        after = serialised[end : end + 3].decode(errors="replace")
        secret = LEADING_ESCAPE.sub("", serialised[start:end].decode(errors="replace"))
        return secret_in(secret, before, after, self._is_sensitive) is not None

    def _is_sensitive_at(self, serialised: bytes, start: int, end: int) -> bool:
        """Judge the whole key around a match that ends with its colon."""
        if HARMLESS.match(serialised, end):
            return False
        begin = start if serialised[start] == ord('"') else serialised.rfind(b'"', 0, start)
        key = serialised[begin + 1 : serialised.rindex(b'"', start, end)]
        has_escapes = b"\\" in key or serialised[begin - 1 : begin] == b"\\"
        return has_escapes or self._is_sensitive(key.decode(errors="replace"))

    def _is_bare_at(self, serialised: bytes, start: int, end: int) -> bool:
        """Judge a name within a text that "=" and a value without quotes follow."""
        name, _, value = serialised[start:end].decode(errors="replace").partition("=")
        after = serialised[end : end + 1].decode(errors="replace")
        if not is_secret_bare(value, after, self._is_sensitive):
            return False
        return self._is_sensitive_name(name, serialised, start)

    def _is_named_at(self, serialised: bytes, start: int, end: int) -> bool:
        """Judge a name within a text that a literal or a container follows."""
        found = serialised[start:end].decode(errors="replace")
        behind = BEHIND_NAME.search(found) if len(found) <= MAX_NAMED_LENGTH else None
        if behind is None:
            return True
        if behind["quote"] and not behind["brackets"].strip():
            quote = behind["quote"].encode()
            if serialised.startswith((quote, FILTERED.encode() + quote), end):
                return False
        name = BEFORE_NAME.sub("", found[: behind.start()], 1)
        return self._is_sensitive_name(name, serialised, start)

    def _is_sensitive_name(self, name: str, serialised: bytes, start: int) -> bool:
        """Judge a name; an escape before it blurs it, and of a dotted one the last part counts."""
        is_blurred = serialised[start - 1 : start] == b"\\"
        return is_blurred or any(map(self._is_sensitive, (name, name.rpartition(".")[2])))
