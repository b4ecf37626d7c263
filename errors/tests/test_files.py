"""Names and kinds of files that applications send."""

import pytest

from errors.files import MAX_NAME, clean_name, image_type


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("report.csv", "report.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/", "attachment"),
        ("..", "attachment"),
        ("", "attachment"),
        (None, "attachment"),
        (["a"], "attachment"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("a\0b.txt", "a\ufffdb.txt"),
        # It would read as "invoice-exe.pdf".
        ("invoice-\u202efdp.exe", "invoice-fdp.exe"),
        ("  größe 1 .txt ", "größe 1 .txt"),
        ("\ud800.txt", "\ufffd.txt"),
    ],
)
def test_a_name_leads_nowhere_and_stays_on_one_line(given: object, clean: str) -> None:
    assert clean_name(given) == clean


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("a" * 300 + ".dmp")
    assert len(name) == MAX_NAME
    assert name.endswith("aaa.dmp")
    assert clean_name("a." + "b" * 300) == "a." + "b" * (MAX_NAME - 2)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n rest", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_only_pictures_without_script_are_shown(content: bytes, expected: str) -> None:
    assert image_type(content) == expected
