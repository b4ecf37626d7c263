"""Text that fits."""

import pytest

from common.text import clean_text, first_line, last_part, one_line, read_id, trim


def test_trimmed_text_ends_with_a_mark_within_the_limit() -> None:
    assert trim("abcdef", 6) == "abcdef"
    assert trim("abcdefg", 6) == "abcde…"


def test_first_line_is_the_first_that_says_something() -> None:
    assert first_line("\n  \n  boom  \nmore") == "boom"
    assert first_line("") == ""


@pytest.mark.parametrize("path", ["a.txt", "/tmp/a.txt", "C:\\logs\\a.txt", "C:\\logs/a.txt"])
def test_last_part_of_a_path_of_any_system(path: str) -> None:
    assert last_part(path) == "a.txt"


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", " 1", "²", "٣", "9" * 19, "9" * 5000])
def test_what_no_column_holds_is_no_id(text: str) -> None:
    assert read_id(text) is None
    assert read_id("9" * 18) == 10**18 - 1


def test_one_line_joins_words() -> None:
    assert one_line(" a\n\tb  c ") == "a b c"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain é 😀", "plain é 😀"),
        ("a\0b", "a\ufffdb"),
        ("\ud800 alone", "\ufffd alone"),
        ("alone \udc00", "alone \ufffd"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_clean_text_is_taken_by_every_store(text: str, clean: str) -> None:
    assert clean_text(text) == clean
    clean.encode()
