"""What production serves as static files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from config.prepare import UNSERVED


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Callable[[str], Path]:
    """From a file's name to what `collectstatic` made of it for production."""
    settings.STATIC_ROOT = tmp_path
    storage = {"BACKEND": "config.static_storage.SiteStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(UNSERVED))
    stored: Any = staticfiles_storage
    return lambda name: tmp_path / str(stored.stored_name(name))


def test_the_site_has_one_style_sheet(collected: Callable[[str], Path]) -> None:
    sheet = collected("css/site.css").read_text()
    assert "@import" not in sheet
    for part in ("--neutral-1", ".bar", ".button", ".issue-row", ".source-crash"):
        assert part in sheet


def test_pages_stay_within_their_budget(collected: Callable[[str], Path]) -> None:
    def compressed_bytes(name: str) -> int:
        return Path(f"{collected(name)}.gz").stat().st_size

    scripts = [f"js/{path.name}" for path in Path("static/js").glob("*.js")]
    vendored = [f"vendor/{path.name}" for path in Path("static/vendor").glob("*.js")]
    assert compressed_bytes("css/site.css") <= 30 * 1024
    assert sum(map(compressed_bytes, scripts + vendored)) <= 60 * 1024


def test_the_pages_of_the_api_name_nothing_foreign(collected: Callable[[str], Path]) -> None:
    folder = "drf_spectacular_sidecar/"
    redoc = collected(f"{folder}redoc/bundles/redoc.standalone.js").read_text()
    assert "cdn.redoc.ly" not in redoc and "redoc.standalone.js.map" not in redoc
    assert (
        "swagger-ui.css.map" not in collected(f"{folder}swagger-ui-dist/swagger-ui.css").read_text()
    )
    assert Path(f"{collected(f'{folder}swagger-ui-dist/swagger-ui-bundle.js')}.br").is_file()
