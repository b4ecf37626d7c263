"""Packs in a folder that hosts share."""

import os
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage


class SyncedFolder(FileSystemStorage):
    """Files that a power cut leaves whole once they are saved."""

    failures = (OSError,)

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        kept_as = super().save(name, content, max_length)
        path = Path(self.path(kept_as))
        for written in (path, path.parent):
            descriptor = os.open(written, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return kept_as
