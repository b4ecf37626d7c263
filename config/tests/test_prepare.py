"""What a start prepares, and that a second start does nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from config import prepare


def test_static_files_are_gathered_when_one_has_changed(settings: Settings, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "site.css").write_text("a { color: red }")
    settings.DEBUG = False
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    assert prepare.collect_static()
    assert not prepare.collect_static()
    (source / "site.css").write_text("a { color: green }")
    assert prepare.collect_static()
    assert (tmp_path / "static" / "site.css").read_text() == "a { color: green }"


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone() -> None:
    assert not prepare.migrate()


@pytest.mark.django_db
def test_a_start_names_variables_that_have_no_use(settings: Settings) -> None:
    settings.DEBUG = True  # gathers no static files
    settings.VARIABLES_WITHOUT_USE = ["ALERT_EMAILS"]
    lines: list[str] = []
    prepare.prepare_site(lines.append)
    assert "Set, and without a use yet: ALERT_EMAILS." in lines


def test_one_process_at_a_time_has_the_data_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with (
        prepare.lock_data_dir(),
        pytest.raises(CommandError, match="runs on this data folder already"),
    ):
        prepare.lock_data_dir()
    prepare.lock_data_dir().close()
