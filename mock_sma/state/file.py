"""The state file: an SQLite database with a row for each world, and a log of what was asked since.

Opening it changes nothing until all of it has been read. It is written ahead (WAL) and never waited for on the disk
itself: what is committed outlives the process, whatever ends that; a failure of the machine may take the last moments,
and leaves a file that can be read.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Self
from urllib.parse import quote
from zlib import crc32

from mock_sma.errors import StateError
from mock_sma.state.changes import Kept
from mock_sma.state.written import Written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mock_sma.state.changes import Changes

MAGIC = b"SQLite format 3\0"
APPLICATION = 0x6D534D41
"""``PRAGMA application_id``: what tells a state file from other databases."""

VERSION = 2
"""``PRAGMA user_version``: the version of all that follows."""

ENTRY = "CREATE TABLE entry (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, data BLOB NOT NULL)"

MIGRATIONS: dict[int, Callable[[sqlite3.Connection], object]] = {1: lambda database: database.execute(ENTRY)}
"""What makes a file of each earlier version one of the next; it changes tables, and reads and writes what is in them
(:func:`opened`, :func:`sealed`)."""

SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
CREATE TABLE world (name TEXT PRIMARY KEY, place INTEGER NOT NULL, upto INTEGER NOT NULL,
                    origin BLOB NOT NULL, state BLOB NOT NULL);
CREATE TABLE log (first INTEGER PRIMARY KEY, records BLOB NOT NULL);
{ENTRY};
"""

BUSY = 0.2
"""How long another process may still be at its end [s]."""


class StateFile:
    """An open state file, of this process alone.

    Attributes:
        kept: what it held when it was opened; None: it is new.
    """

    def __init__(self, path: Path, database: sqlite3.Connection, kept: Kept | None) -> None:
        self._path = path
        self._database = database
        self.kept = kept

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a state file, or make one.

        Raises:
            StateError: it is another process's, no state file, a later version's, damaged, or cannot be written.
        """
        _check(path)
        with _explained(path):
            kept = _read(path) if path.stat().st_size else None
            database = _connected(path)
            try:
                if kept is None:
                    database.executescript(SCHEMA)
                else:
                    kept = _migrated(database) or kept
                database.execute("PRAGMA journal_mode = WAL")
                # The lock comes with the first transaction, and stays.
                database.executescript("BEGIN IMMEDIATE; COMMIT")
                # An index of the write-ahead log for several processes, which reading it has left.
                path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
            except BaseException:
                database.close()
                raise
            return cls(path, database, kept)

    def reread(self) -> None:
        """Look what it holds now, and that it takes changes.

        Raises:
            StateError: it cannot be read or written now.
        """
        with _explained(self._path):
            self._database.execute(f"PRAGMA user_version = {VERSION}")
            self.kept = _kept(self._database)

    def damaged(self, error: object) -> StateError:
        """Return what there is to say where what it holds cannot be read."""
        return StateError(f"--state: {self._path}: {DAMAGED.format(error)}")

    def commit(self, changes: Changes) -> None:
        """Write changes down: all of them or, with an exception, none.

        Raises:
            StateError: the file cannot be written now.
        """
        database = self._database
        with _explained(self._path):
            database.execute("BEGIN IMMEDIATE")
            try:
                self._write(changes)
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    def _write(self, changes: Changes) -> None:
        execute = self._database.execute
        if changes.clears:
            execute("DELETE FROM log")
            execute("DELETE FROM entry")
        for name in changes.gone:
            execute("DELETE FROM world WHERE name = ?", (name,))
        for name, point in changes.points.items():
            row = (point.place, point.upto, sealed(point.state))
            if point.origin is None:
                execute("UPDATE world SET place = ?, upto = ?, state = ? WHERE name = ?", (*row, name))
            else:
                execute("REPLACE INTO world VALUES (?, ?, ?, ?, ?)", (name, *row[:2], sealed(point.origin), row[2]))
        if changes.records:
            execute("INSERT INTO log VALUES (?, ?)", (changes.first, sealed(changes.records)))
        if changes.upto:
            # The last one stays, as it has the time that no later one is before.
            execute("DELETE FROM entry WHERE position < ?", (changes.upto,))
        for position, at, data in changes.entries:
            execute("INSERT INTO entry VALUES (?, ?, ?)", (position, at, sealed(data)))

    def close(self) -> None:
        """Let another process have the file."""
        with _explained(self._path):
            self._database.close()


def _check(path: Path) -> None:
    """Look at a file from outside, and make it where there is none."""
    if not path.parent.is_dir():
        raise StateError(f"--state: there is no directory {path.parent}; make it first")
    if path.is_dir():
        raise StateError(f"--state: {path} is a directory; name a file in it")
    if not path.exists():
        # Readable by its owner only, as it holds secrets and tokens.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise StateError(f"--state: {path} is read-only; make it writable, or name another file")
    with path.open("rb") as file:
        head = file.read(100)
    if head and (not head.startswith(MAGIC) or int.from_bytes(head[68:72], "big") != APPLICATION):
        raise StateError(f"--state: {path} is not a state file of mock-sma; it stays as it is, name another file")
    version = int.from_bytes(head[60:64], "big")
    if version > VERSION:
        raise StateError(
            f"--state: {path} is of a newer mock-sma: its version is {version}, and this one reads up to {VERSION}; "
            "update mock-sma, or name another file"
        )


def _read(path: Path) -> Kept:
    """Return what a file holds; nothing is written, not even what is left of another process is put in order."""
    where = f"file:{quote(str(path.absolute()))}?mode=ro"
    with closing(sqlite3.connect(where, uri=True, isolation_level=None, timeout=BUSY)) as database:
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found.splitlines()[-1])  # the first one names the database
        return _kept(database)


def _kept(database: sqlite3.Connection) -> Kept:
    rows = database.execute("SELECT name, upto, origin, state FROM world ORDER BY place").fetchall()
    worlds = {name: (upto, Written(opened(origin), opened(state))) for name, upto, origin, state in rows}
    log = database.execute("SELECT first, records FROM log ORDER BY first").fetchall()
    is_of_one = database.execute("PRAGMA user_version").fetchone()[0] < 2
    entries = [] if is_of_one else database.execute("SELECT position, at, data FROM entry ORDER BY position").fetchall()
    return Kept(
        worlds,
        [(first, opened(records)) for first, records in log],
        [(position, at, opened(data)) for position, at, data in entries],
    )


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, timeout=BUSY, check_same_thread=False)
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    database.execute("PRAGMA synchronous = NORMAL")
    return database


def _migrated(database: sqlite3.Connection) -> Kept | None:
    """Bring a file of an earlier version forward, wholly or not at all, and return what it holds; None: it is none."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return None
    database.execute("BEGIN IMMEDIATE")
    try:
        for step in range(version, VERSION):
            MIGRATIONS[step](database)
        database.execute(f"PRAGMA user_version = {VERSION}")
        kept = _kept(database)
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    return kept


def sealed(data: bytes) -> bytes:
    """Return bytes with a checksum: SQLite has none for what is in its pages."""
    return crc32(data).to_bytes(4, "big") + data


def opened(blob: bytes) -> bytes:
    """Return what was sealed; raises SQLite's error where it is not as it was."""
    if crc32(blob[4:]) != int.from_bytes(blob[:4], "big"):
        raise sqlite3.DatabaseError("a checksum is wrong")
    return blob[4:]


DAMAGED = "it is damaged ({}); it stays as it is: restore a copy of it, or name another file"

WHY = {
    sqlite3.SQLITE_BUSY: "another mock-sma is using it; end that one, or name another file",
    sqlite3.SQLITE_FULL: "the disk is full; make room",
    sqlite3.SQLITE_READONLY: "it cannot be written; make it and its directory writable",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; its directory must be writable",
    sqlite3.SQLITE_IOERR: "the disk does not take it",
}
"""What SQLite's primary result codes mean for a state file."""


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Let SQLite's errors be ours."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        raise StateError(f"--state: {path}: {WHY.get(code, DAMAGED.format(error))}") from None
    except OSError as error:
        raise StateError(f"--state: {path}: {error.strerror}") from None
