"""What a policy makes of keys and texts; each policy's judge remembers the keys it has seen."""

import re
from dataclasses import dataclass
from functools import lru_cache

import re2

from common.text import clean_text
from errors.scrub.checksums import find_iban, is_card_number
from errors.scrub.patterns import (
    COOKIE_WORDS,
    SENSITIVE_NAMES,
    SENSITIVE_WORDS,
    compile_json_pattern,
    compile_text_pattern,
    compile_words,
)

FILTERED = "[Filtered]"
MIN_SECRET_LENGTH = len("://:x@")
MAX_REMEMBERED, MAX_KEY_LENGTH = 4096, 200
# What may follow a sensitive key in JSON without being a secret.
HARMLESS = re.compile(rb'\s*(?:"(?:\[Filtered\])?"|null|true|false|\[\]|\{\})')
# What stands before and after digits that are part of something longer: of a fraction, of an
# identifier with dashes, of a text that was cut.
BEFORE_PART = re.compile(r"(?:\d\.|\w-)$")
AFTER_PART = re.compile(r"\.\d|-\w|…")
LEADING_ESCAPE = re.compile(r"^\\(?:u.{4}|.)")
DISGUISES = (b"\\u", b"\\/", b"\0")


@dataclass(frozen=True, slots=True)
class ScrubPolicy:
    """What a project adds: parts of keys that are sensitive, and whole keys that are safe."""

    sensitive_fields: tuple[str, ...] = ()
    safe_fields: tuple[str, ...] = ()
    drop_ip_addresses: bool = False


class Judge:
    """Decides for one policy."""

    def __init__(self, policy: ScrubPolicy) -> None:
        own = [re2.escape(name.strip()) for name in policy.sensitive_fields if name.strip()]
        words = (*SENSITIVE_WORDS, *own)
        self._safe = frozenset(name.strip().lower() for name in policy.safe_fields)
        self._words = compile_words(words, SENSITIVE_NAMES)
        self._cookie_words = compile_words((*words, *COOKIE_WORDS), SENSITIVE_NAMES)
        self._json = compile_json_pattern(words, SENSITIVE_NAMES)
        self._text = compile_text_pattern(words)
        self._remembered: dict[str, bool] = {}

    def is_sensitive(self, key: str) -> bool:
        """Tell whether what stands under this key is a secret."""
        verdict = self._remembered.get(key)
        if verdict is None:
            verdict = key.lower() not in self._safe and self._words.search(key) is not None
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            if len(key) <= MAX_KEY_LENGTH:
                self._remembered[key] = verdict
        return verdict

    def is_sensitive_cookie(self, name: str) -> bool:
        """Tell whether a cookie of this name is one to keep a session or to stop forgery."""
        return name.lower() not in self._safe and self._cookie_words.search(name) is not None

    def has_secrets(self, serialised: bytes, *, is_foreign: bool = False) -> bool:
        """Tell whether JSON holds a sensitive key or a secret text; in doubt it does.

        JSON that orjson did not write is foreign: it can have letters in disguise.
        """
        return any(
            self._is_secret_at(serialised, found.start(), found.end(), is_foreign=is_foreign)
            for found in self._json.finditer(serialised)
        )

    def filter_text(self, text: str) -> str:
        """Return the text with its secrets replaced, the text itself if there are none."""
        try:
            # Asked about bytes, the engine need not count characters.
            if len(text) < MIN_SECRET_LENGTH or self._text.search(text.encode()) is None:
                return text
        except UnicodeEncodeError:
            return self.filter_text(clean_text(text))

        def replace(found: "re2._Match[str]") -> str:
            start, end = found.span()
            return self._filter(found.group(), text[max(start - 2, 0) : start], text[end : end + 2])

        filtered: str = self._text.sub(replace, text)
        return filtered

    def _filter(self, secret: str, before: str, after: str) -> str:
        """Return what a match becomes: itself where a closer look finds nothing."""
        kind = secret[0]
        if kind == ":":
            return f"{secret[: secret.index(':', 3)]}:{FILTERED}@"
        if kind in "?&":
            name, _, _ = secret.partition("=")
            return f"{name}={FILTERED}" if self.is_sensitive(name[1:]) else secret
        if kind in "bB" and secret[:6].lower() == "bearer":
            return f"{secret[:6]} {FILTERED}"
        if not (kind.isdigit() or kind.isupper()):
            return FILTERED
        if BEFORE_PART.search(before) or AFTER_PART.match(after):
            return secret
        if kind.isdigit():
            return FILTERED if is_card_number(secret) else secret
        iban = find_iban(secret)
        return secret.replace(iban, FILTERED, 1) if iban else secret

    def _is_secret_at(self, serialised: bytes, start: int, end: int, *, is_foreign: bool) -> bool:
        found = serialised[start:end]
        if found in DISGUISES:
            return is_foreign
        if b'"' in found:
            return self._is_sensitive_at(serialised, start, end)
        around = serialised[max(start - 8, 0) : start]
        # An escape blurs what stands before: then it counts as nothing.
        before = "" if b"\\" in around or found[:1] == b"\\" else around.decode(errors="replace")
        after = serialised[end : end + 3].decode(errors="replace")
        secret = LEADING_ESCAPE.sub("", found.decode(errors="replace"))
        return self._filter(secret, before, after) != secret

    def _is_sensitive_at(self, serialised: bytes, start: int, end: int) -> bool:
        """Judge the whole key around a match that ends with its colon."""
        if HARMLESS.match(serialised, end):
            return False
        begin = start if serialised[start] == ord('"') else serialised.rfind(b'"', 0, start)
        key = serialised[begin + 1 : serialised.rindex(b'"', start, end)]
        has_escapes = b"\\" in key or serialised[begin - 1 : begin] == b"\\"
        return has_escapes or self.is_sensitive(key.decode(errors="replace"))


@lru_cache(maxsize=64)
def judge_for(policy: ScrubPolicy) -> Judge:
    """Return the policy's judge; its patterns take 1 ms to compile and half a megabyte."""
    return Judge(policy)
