"""A PostgreSQL primary and its streaming replica, each in a folder and on a port of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.needs import unprivileged_user
from tests.servers import OwnPostgres, own_postgres


class OwnReplica(OwnPostgres):
    """A server that replays what its primary commits."""

    def make_from(self, primary: OwnPostgres) -> None:
        """Copy the running primary's data, and note where more of them come from."""
        user = unprivileged_user()
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run("pg_basebackup", "-d", primary.url(), "-R", "-c", "fast")


@contextmanager
def primary_and_replica() -> Iterator[tuple[OwnPostgres, OwnReplica]]:
    """Both servers, running, with an empty database `catchall`. Raises Missing."""
    with (
        own_postgres() as primary,
        tempfile.TemporaryDirectory(prefix="catchall-replica-", dir="/tmp") as folder,
    ):
        replica = OwnReplica(Path(folder))
        replica.make_from(primary)
        try:
            replica.start()
            yield primary, replica
        finally:
            replica.kill()
