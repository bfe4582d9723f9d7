"""What has been read, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS energies (
    plant TEXT, day TEXT, name TEXT, wh REAL, PRIMARY KEY (plant, day, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS read_until (plant TEXT PRIMARY KEY, day TEXT) WITHOUT ROWID;
"""


class Store:
    """Energies of days [Wh], by plant and property.

    Args:
        path: of the database; by itself one in memory.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def put(self, plant: str, day: date, energies: Mapping[str, float]) -> None:
        """Keep a day, in place of what was kept of it."""
        self._db.execute("BEGIN")
        self._db.execute("DELETE FROM energies WHERE plant = ? AND day = ?", (plant, str(day)))
        rows = [(plant, str(day), name, wh) for name, wh in energies.items()]
        self._db.executemany("INSERT INTO energies VALUES (?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def energies(self, plant: str, day: date) -> dict[str, float]:
        """Return what is kept of a day."""
        found = self._db.execute("SELECT name, wh FROM energies WHERE plant = ? AND day = ?", (plant, str(day)))
        return dict(found.fetchall())

    def rename(self, old: str, new: str) -> None:
        """Keep all of a plant under another id."""
        self._db.execute("UPDATE OR REPLACE energies SET plant = ? WHERE plant = ?", (new, old))
        self._db.execute("UPDATE OR REPLACE read_until SET plant = ? WHERE plant = ?", (new, old))

    def read_until(self, plant: str) -> date | None:
        """Return the last day that the night's run has read, or None."""
        found = self._db.execute("SELECT day FROM read_until WHERE plant = ?", (plant,)).fetchone()
        return None if found is None else date.fromisoformat(found[0])

    def note(self, plant: str, day: date) -> None:
        """Remember the last day that the night's run has read."""
        self._db.execute("INSERT OR REPLACE INTO read_until VALUES (?, ?)", (plant, str(day)))
