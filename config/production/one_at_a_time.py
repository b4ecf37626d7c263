"""Of several processes of a kind, on whichever hosts, one has its turn; the rest stand by."""

import fcntl
import hashlib
from pathlib import Path
from typing import Protocol, TextIO

import psycopg
from django.conf import settings
from django.db import connection

LOCK_CLASS = 0x6361_7463


class TurnLost(Exception):
    """Another process may have taken the turn meanwhile."""


class Turn(Protocol):
    """The right to work, until it is given back or the process ends."""

    def take(self) -> bool:
        """Whether it is ours now. Raises TurnLost when nobody can tell."""

    def keep(self) -> None:
        """Raises TurnLost when it is no longer ours."""

    def give_back(self) -> None:
        """Let another process have it."""


def make_turn(name: str) -> Turn:
    """The turn of that name: a lock in PostgreSQL, or a file in the data folder beside SQLite."""
    if connection.vendor == "postgresql":
        return DatabaseTurn(name, is_behind_pooler=settings.DATABASE_BEHIND_POOLER)
    return FileTurn(settings.DATA_DIR / f"{name}.lock")


class DatabaseTurn:
    """An advisory lock on a connection of its own: it goes when the process does.

    Behind a pooler a session is nobody's: the lock is that of a transaction, which stays open.
    """

    def __init__(self, name: str, *, is_behind_pooler: bool = False) -> None:
        self._is_behind_pooler = is_behind_pooler
        self._key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)
        self._session: psycopg.Connection[tuple[bool]] | None = None

    def take(self) -> bool:
        try:
            if self._session is None:
                self._session = self._connect()
            kind = "xact_" if self._is_behind_pooler else ""
            query = f"SELECT pg_try_advisory_{kind}lock(%s, %s)"
            row = self._session.execute(query.encode(), (LOCK_CLASS, self._key)).fetchone()
        except psycopg.Error as error:
            self.give_back()
            raise TurnLost(str(error)) from error
        if row and row[0]:
            return True
        # No transaction is left open by one that only stands by.
        self.give_back()
        return False

    def _connect(self) -> "psycopg.Connection[tuple[bool]]":
        parameters = connection.get_connection_params()
        session = psycopg.connect(**parameters, autocommit=not self._is_behind_pooler)
        if self._is_behind_pooler:
            session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        return session

    def keep(self) -> None:
        if self._session is None:
            raise TurnLost("The lock was given back.")
        try:
            self._session.execute("SELECT 1")
        except psycopg.Error as error:
            self.give_back()
            raise TurnLost(str(error)) from error

    def give_back(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


class FileTurn:
    """A locked file, for processes on one host."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def take(self) -> bool:
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def keep(self) -> None:
        if self._file is None:
            raise TurnLost("The lock was given back.")

    def give_back(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
