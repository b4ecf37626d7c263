"""Each decision has a number of its own, so that code and pages can name it by that."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "decisions"


def test_decisions_are_numbered_one_after_the_other() -> None:
    pages = sorted(FOLDER.glob("0*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))


def test_a_decisions_heading_has_its_number() -> None:
    for page in FOLDER.glob("0*.md"):
        assert page.read_text().startswith(f"# {int(page.name[:4])}. "), page.name
