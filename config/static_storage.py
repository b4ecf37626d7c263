"""Static files in production: one style sheet, hashed names, compressed, nothing foreign."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import brotli
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\);\n')
REDOC = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
SWAGGER_SHEET = "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css"
# Redoc shows its maker's logo from their server; nothing here comes from another origin.
FOREIGN_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"
SOURCE_MAP = re.compile(r"(?:/\*|//)# sourceMappingURL=\S+?\.map(?:\*/)?\s*\Z")
# Brotli's best takes seconds for a megabyte, which would be most of a first start.
LARGE_BYTES = 256 * 1024
LARGE_QUALITY = 6

Paths = dict[str, tuple[StaticFilesStorage, str]]


class SiteCompressor(Compressor):  # type: ignore[misc]  # untyped
    """Compresses the two large scripts of the API's pages quickly, and the rest well."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        quality = LARGE_QUALITY if len(data) > LARGE_BYTES else 11
        return bytes(brotli.compress(data, quality=quality))


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Puts the sheets that site.css imports into it, so that a page waits for one request.

    Takes out of the API's pages what names files that are not served here.
    """

    def create_compressor(self, **kwargs: Any) -> SiteCompressor:
        return SiteCompressor(**kwargs)

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            for name, change in _CHANGES.items():
                self._replace(paths, name, change)
        yield from super().post_process(paths, dry_run, **options)

    def _replace(self, paths: Paths, name: str, change: Callable[[Paths, str], str]) -> None:
        if name in paths:
            text = change(paths, _read(paths, name))
            self.delete(name)
            self.save(name, ContentFile(text.encode()))
            # Read from here on, not from where it was found.
            paths[name] = (self, name)


def _join_sheets(paths: Paths, sheet: str) -> str:
    return IMPORT.sub(lambda found: _read(paths, f"css/{found[1]}"), sheet)


def _cut_map(paths: Paths, text: str) -> str:
    return SOURCE_MAP.sub("", text)


def _cut_foreign(paths: Paths, script: str) -> str:
    return _cut_map(paths, script).replace(FOREIGN_LOGO, "data:,")


_CHANGES: dict[str, Callable[[Paths, str], str]] = {
    SHEET: _join_sheets,
    REDOC: _cut_foreign,
    SWAGGER_SHEET: _cut_map,
}


def _read(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
