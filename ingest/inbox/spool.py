"""Large bodies lie in files beside the inbox: a database row of megabytes is slow and stays big."""

import os
import secrets
import time
from pathlib import Path

# No append takes this long: an older file without a row was left by a crash.
ORPHAN_AGE_S = 600.0


class Spool:
    """A folder of bodies, each in a file with a name of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, body: bytes) -> str:
        """Put the body on disk, its folder's entry too, and return its name. Raises OSError."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        name = secrets.token_hex(16)
        path = self._folder / name
        try:
            with path.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            self._sync_folder()
        except OSError:
            self.remove(name)
            raise
        return name

    def read(self, name: str) -> bytes:
        """The body of that name. Raises OSError."""
        return (self._folder / name).read_bytes()

    def remove(self, name: str) -> None:
        """Delete the body of that name, if it is there. Raises OSError."""
        (self._folder / name).unlink(missing_ok=True)

    def sweep(self, known: set[str]) -> None:
        """Remove files that no row names, unless their append may still be under way."""
        if not self._folder.exists():
            return
        oldest = time.time() - ORPHAN_AGE_S
        for path in self._folder.iterdir():
            if path.name not in known and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
