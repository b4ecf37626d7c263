"""An event as Markdown."""

from typing import Any

from errors.presenters.markdown import write_markdown
from errors.tests.factories import make_document


def written(**parts: Any) -> str:
    document = make_document(event_id="0" * 32, timestamp=1_790_000_000.0, **parts)
    return write_markdown(document, short_id="SHOP-41", address="https://errors.example.com/x/")


def test_it_begins_with_what_happened_and_the_facts() -> None:
    lines = written().splitlines()
    assert lines[0] == "# SHOP-41: ZeroDivisionError: division by zero"
    assert "- When: `2026-09-21 14:13:20 UTC`" in lines
    assert "- Release: `v1.4.2`" in lines
    assert "- Page: <https://errors.example.com/x/>" in lines


def test_the_stack_has_code_and_locals_of_the_app_and_one_line_for_libraries() -> None:
    text = written()
    assert "checkout/services.py:41 in pay\n" in text
    assert '    >     return total / order["people"]' in text
    assert "    total = 118.5" in text
    assert "django/core/handlers/part_13.py:41 in inner_13  (library)\n" in text
    assert "## Caused by: KeyError: 'people'" in text


def test_request_user_tags_and_the_last_breadcrumbs_follow() -> None:
    text = written()
    assert "POST https://shop.example.com/orders/981/pay?page=2" in text
    assert "Authorization: [Filtered]" in text
    assert "- `email`: `ana@example.com`" in text
    assert "- `region`: `eu`" in text
    assert "SELECT 29" in text
    assert "SELECT 9\n" not in text


def test_fences_are_longer_than_any_in_the_event() -> None:
    text = written(request={"method": "POST", "url": "https://x", "data": "````\nescaped"})
    assert "`````\nPOST https://x" in text


def test_a_title_cannot_become_markup() -> None:
    crash = {"type": "E", "value": "# <b>[x](y)\nnext"}
    assert written(exception={"values": [crash]}).splitlines()[0] == (
        r"# SHOP-41: E: \# \<b\>\[x\](y) next"
    )
