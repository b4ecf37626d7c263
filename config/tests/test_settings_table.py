"""docs/settings.md and the code say the same."""

import re

from config import settings as _all_settings_are_read
from config.settings.environment import ALIASES, BASE_DIR, DEFAULTS

ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>[^|]+) \| (?P<text>.+) \|$", re.MULTILINE)
# What an absent value stands for cannot be said as a value.
IN_WORDS = {"none", "made once", "SQLite in `DATA_DIR`"}


def documented() -> dict[str, re.Match[str]]:
    table = (BASE_DIR / "docs" / "settings.md").read_text()
    return {row["name"]: row for row in ROW.finditer(table)}


def as_documented(default: object) -> str:
    if isinstance(default, bool):
        return "`on`" if default else "`off`"
    return f"`{str(default).removeprefix(f'{BASE_DIR}/')}`"


def test_every_variable_is_in_the_table_and_the_table_has_no_other() -> None:
    assert _all_settings_are_read
    assert set(documented()) == set(DEFAULTS)


def test_the_table_states_the_defaults_of_the_code() -> None:
    for name, row in documented().items():
        default = DEFAULTS[name]
        if default == "":
            assert row["default"] in IN_WORDS, name
        elif name == "DEBUG":
            assert row["default"] == "`off`"
        else:
            assert row["default"] == as_documented(default), name


def test_old_names_are_documented_with_the_new_ones() -> None:
    for name, old_names in ALIASES.items():
        for old_name in old_names:
            assert f"`{old_name}`" in documented()[name]["text"]
