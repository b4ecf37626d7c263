"""Options of `manage.py up` that are settings: native-apis.md, section 3, "run the server"."""

import pytest

from config.command_line import take_address


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["up", "--port", "9000"], {"PORT": "9000"}),
        (["up", "--port=9000", "--host", "::1", "--reload"], {"PORT": "9000", "HOST": "::1"}),
        (["up", "--reload"], {}),
        (["up", "--port"], {}),
        (["up", "--portable", "9000"], {}),
        (["status", "--port", "9000"], {}),
        ([], {}),
    ],
)
def test_host_and_port_are_settings(arguments: list[str], expected: dict[str, str]) -> None:
    environment: dict[str, str] = {}
    take_address(["manage.py", *arguments], environment)
    assert environment == expected


def test_an_option_counts_before_its_variable() -> None:
    environment = {"PORT": "8000"}
    take_address(["manage.py", "up", "--port", "9000"], environment)
    assert environment == {"PORT": "9000"}
