"""Which ids of requests are kept."""

import pytest

from common.request_ids import is_request_id


@pytest.mark.parametrize("text", ["edge-7.f00", "A_1", "x" * 64])
def test_a_proxys_id_is_kept(text: str) -> None:
    assert is_request_id(text)


@pytest.mark.parametrize("text", ["", "a b", "a\n", "a\tb", "ü", "x" * 65, '"'])
def test_what_could_break_a_log_line_is_not(text: str) -> None:
    assert not is_request_id(text)
