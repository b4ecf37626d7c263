"""Static files in production: one style sheet, hashed names, compressed."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\);\n')

Paths = dict[str, tuple[StaticFilesStorage, str]]


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Puts the sheets that site.css imports into it, so that a page waits for one request."""

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run and SHEET in paths:
            joined = IMPORT.sub(lambda found: _read(paths, f"css/{found[1]}"), _read(paths, SHEET))
            self.delete(SHEET)
            self.save(SHEET, ContentFile(joined.encode()))
            # Read from here on, not from where it was found.
            paths[SHEET] = (self, SHEET)
        yield from super().post_process(paths, dry_run, **options)


def _read(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
