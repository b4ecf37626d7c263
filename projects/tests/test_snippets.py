"""Set-up instructions: complete, with the project's address in them, and code that parses."""

import pytest

from projects.models import PLATFORMS
from projects.snippets import SNIPPETS, Snippet, snippet_for

DSN = "https://0123456789abcdef0123456789abcdef@errors.example.com/7"
PYTHON = [each for each in SNIPPETS if each.platform.startswith("python")]


def test_every_platform_has_instructions() -> None:
    assert {each.platform for each in SNIPPETS} == {value for value, _ in PLATFORMS} - {"other"}


def test_other_platforms_get_plain_python() -> None:
    assert snippet_for("other").platform == "python"
    assert snippet_for("cobol").platform == "python"


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda each: each.platform)
def test_instructions_hold_the_address_once(snippet: Snippet) -> None:
    code = "\n".join(step.code for step in snippet.with_dsn(DSN).steps)
    assert code.count(DSN) == 1
    assert "__DSN__" not in code


@pytest.mark.parametrize("snippet", PYTHON, ids=lambda each: each.platform)
def test_python_parses(snippet: Snippet) -> None:
    for step in snippet.with_dsn(DSN).steps:
        if step.file:
            compile(step.code, step.file, "exec")
