"""Grouping: messages without what changes from one event to the next."""

import pytest

from errors.grouping.parameters import parameterize


@pytest.mark.parametrize(
    ("message", "parameterized"),
    [
        ("mail to ana.b+c@mail.example.org failed", "mail to <email> failed"),
        ("GET https://x.org/a?b=1 said no", "GET <url> said no"),
        ("postgres://u@h:5/db is gone", "<url> is gone"),
        ("from 192.168.0.1 to 2001:db8::ff00:42", "from <ip> to <ip>"),
        ("bound to ::1, 10.0.0.1:8000", "bound to <ip>, <ip>:<int>"),
        ("id 7f8d6a4e-2c1b-4e5f-9a3d-1b2c3d4e5f60", "id <uuid>"),
        ("commit da39a3ee5e6b4b0d3255bfef95601890afd80709", "commit <sha1>"),
        ("etag d41d8cd98f00b204e9800998ecf8427e", "etag <md5>"),
        ("on 2026-01-02", "on <date>"),
        ("at 2026-01-02T03:04:05.678Z!", "at <date>!"),
        ("at 2026-01-02 03:04:05 +0200", "at <date>"),
        ("on Fri, 02 Jan 2026 03:04:05 GMT", "on <date>"),
        ("on 02.01.2026 at 13:04:05", "on <date> at <date>"),
        (
            "took 5.5 seconds, then 30ms and 2 min",
            "took <duration>, then <duration> and <duration>",
        ),
        ("at 0x7f3a5c1d20 in deadbeef12", "at <hex> in <hex>"),
        ("ratio 0.25 or -1.5e-10", "ratio <float> or <float>"),
        ("5 of -3, order #17", "<int> of <int>, order #<int>"),
        ("no 'shop_5' and \"a b\" here", "no <quoted_str> and <quoted_str> here"),
        ("can't do it, won't try", "can't do it, won't try"),
        ("v2 of utf8 in http2", "v2 of utf8 in http2"),
        ("facade of beef", "facade of beef"),
        ("", ""),
    ],
)
def test_what_varies_becomes_its_name(message: str, parameterized: str) -> None:
    assert parameterize(message) == parameterized


def test_only_the_first_two_lines_count() -> None:
    assert parameterize("\n  boom 5  \n\nwhile x\nTraceback …") == "boom <int>\nwhile x"


def test_long_hostile_text_is_bounded() -> None:
    assert len(parameterize("a." * 100_000 + "@")) <= 512
