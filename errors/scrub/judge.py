"""What a policy makes of keys and texts; each policy's judge remembers the keys it has seen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import re2

from common.text import clean_text
from errors.scrub.named import find_named
from errors.scrub.patterns import (
    COOKIE_WORDS,
    SENSITIVE_NAMES,
    SENSITIVE_WORDS,
    compile_json_pattern,
    compile_named,
    compile_shapes,
    compile_text_pattern,
    compile_words,
)
from errors.scrub.scan import JsonScan
from errors.scrub.shapes import find_shapes
from errors.scrub.spans import replace_spans

MIN_SECRET_LENGTH = len("k=1")
MAX_REMEMBERED, MAX_KEY_LENGTH, MAX_TEXT_LENGTH = 4096, 200, 100
# A secret beside another can pass for a part of something longer until that one is gone.
MAX_PASSES = 8
REPR = re.compile(r"""[bBrRuUfF]{0,2}(["'])(.*)\1""")
# A name in one word, also in a repr's quotes: no sentence, no module.
PAIR_NAME = re.compile(r"""(?:[bBrRuUfF]{0,2}["'])?[\w-]+["']?""")


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
        self._text = compile_text_pattern(words, SENSITIVE_NAMES)
        self._named = compile_named(words, SENSITIVE_NAMES)
        self._shapes = compile_shapes(words)
        json_pattern = compile_json_pattern(words, SENSITIVE_NAMES)
        self._scan = JsonScan(json_pattern, self.is_sensitive)
        self._remembered: dict[str, bool] = {}
        self._harmless: set[str] = set()

    def is_sensitive(self, key: str) -> bool:
        """Tell whether what stands under this key is a secret; a key can be the repr of one."""
        verdict = self._remembered.get(key)
        if verdict is None:
            quoted = REPR.fullmatch(key)
            name = quoted[2] if quoted else key
            verdict = name.lower() not in self._safe and self._words.search(name) is not None
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            if len(key) <= MAX_KEY_LENGTH:
                self._remembered[key] = verdict
        return verdict

    def is_sensitive_cookie(self, name: str) -> bool:
        """Tell whether a cookie of this name is one to keep a session or to stop forgery."""
        return name.lower() not in self._safe and self._cookie_words.search(name) is not None

    def is_sensitive_pair(self, first: object, second: object) -> bool:
        """Tell whether two items are a secret's name and value, the way servers list headers."""
        if not (isinstance(first, str) and isinstance(second, str) and second):
            return False
        return self.is_sensitive(first) and PAIR_NAME.fullmatch(first) is not None

    def has_secrets(self, serialised: bytes, *, is_foreign: bool = False) -> bool:
        """Tell whether JSON holds a secret; foreign is what orjson did not write."""
        return self._scan.has_secrets(serialised, is_foreign=is_foreign)

    def find_parts(self, parts: list[bytes]) -> Iterator[int]:
        """Yield the indexes of those serialised objects that hold a secret."""
        return self._scan.find_parts(parts)

    def filter_text(self, text: str) -> str:
        """Return the text with its secrets replaced, the text itself if there are none."""
        if len(text) < MIN_SECRET_LENGTH or text in self._harmless:
            return text
        try:
            # Asked about bytes, the engine need not count characters.
            if self._text.search(text.encode()) is None:
                self._remember_harmless(text)
                return text
        except UnicodeEncodeError:
            return self.filter_text(clean_text(text))
        for _ in range(MAX_PASSES):
            named = find_named(text, self._named, self.is_sensitive)
            shapes = find_shapes(text, self._shapes, self.is_sensitive)
            before, text = text, replace_spans(text, (*named, *shapes))
            if text == before:
                break
        return text

    def _remember_harmless(self, text: str) -> None:
        """Remember a text, as most come again: in the next frame's locals, or the next event."""
        if len(self._harmless) >= MAX_REMEMBERED:
            self._harmless.clear()
        if len(text) <= MAX_TEXT_LENGTH:
            self._harmless.add(text)


@lru_cache(maxsize=32)
def judge_for(policy: ScrubPolicy) -> Judge:
    """Return the policy's judge: 2 ms to compile its patterns, 1.3 MB with all they remember."""
    return Judge(policy)
