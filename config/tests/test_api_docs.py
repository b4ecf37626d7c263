"""docs/api.md names only what there is."""

import json
import re

from config.api_document import api_document
from config.settings.environment import BASE_DIR

PATH = re.compile(r"/api/[\w/{}]*\w")


def test_every_address_in_the_docs_is_in_the_document() -> None:
    known = {pattern_of(path) for path in json.loads(api_document())["paths"]}
    text = (BASE_DIR / "docs" / "api.md").read_text()
    named = set(PATH.findall(text))
    unknown = {path for path in named if not any(re.fullmatch(each, path) for each in known)}
    assert len(named) > 8
    assert unknown == set()


def pattern_of(path: str) -> str:
    return re.sub(r"\{\w+\}", r"[^/]+", path.rstrip("/"))
