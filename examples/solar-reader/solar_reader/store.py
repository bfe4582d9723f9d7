"""What has been read, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

ENERGIES = ("pvGeneration", "gridFeedIn", "gridConsumption")
"""Properties that are kept."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS energies (
    plant TEXT, day TEXT, name TEXT, wh REAL, PRIMARY KEY (plant, day, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    plant TEXT, time TEXT, pvGeneration REAL, gridFeedIn REAL, gridConsumption REAL, PRIMARY KEY (plant, time)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS read_until (plant TEXT PRIMARY KEY, day TEXT) WITHOUT ROWID;
"""


class Store:
    """Energies [Wh] by plant and property: of days, and of the rows of the running day.

    Args:
        path: of the database; by itself one in memory.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def add(self, rows: Iterable[tuple[str, str, float | None, float | None, float | None]]) -> None:
        """Keep rows in one transaction: plant, stamp of the row's end, and the energies [Wh] as in ENERGIES."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def put(self, plant: str, day: date, energies: Mapping[str, float]) -> None:
        """Keep a day, in place of what was kept of it and of its rows."""
        self._db.execute("BEGIN")
        self._db.execute("DELETE FROM energies WHERE plant = ? AND day = ?", (plant, str(day)))
        # A row's stamp is its end: the last one of a day is of the next day's midnight.
        edges = (f"{day}T00:00:00", f"{day + timedelta(days=1)}T00:00:00")
        self._db.execute("DELETE FROM rows WHERE plant = ? AND time > ? AND time <= ?", (plant, *edges))
        rows = [(plant, str(day), name, wh) for name, wh in energies.items()]
        self._db.executemany("INSERT INTO energies VALUES (?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def energies(self, plant: str, day: date) -> dict[str, float]:
        """Return what is kept of a day."""
        found = self._db.execute("SELECT name, wh FROM energies WHERE plant = ? AND day = ?", (plant, str(day)))
        return dict(found.fetchall())

    def today(self, plant: str, day: date) -> dict[str, float]:
        """Return the sums of the rows of a day that has not been read as a whole yet."""
        edges = (f"{day}T00:00:00", f"{day + timedelta(days=1)}T00:00:00")
        sums = self._db.execute(
            "SELECT sum(pvGeneration), sum(gridFeedIn), sum(gridConsumption) FROM rows"
            " WHERE plant = ? AND time > ? AND time <= ?",
            (plant, *edges),
        ).fetchone()
        return {name: wh for name, wh in zip(ENERGIES, sums, strict=True) if wh is not None}

    def rename(self, old: str, new: str) -> None:
        """Keep all of a plant under another id."""
        for table in ("energies", "rows", "read_until"):
            self._db.execute(f"UPDATE OR REPLACE {table} SET plant = ? WHERE plant = ?", (new, old))  # noqa: S608 - ours

    def read_until(self, plant: str) -> date | None:
        """Return the last day that the night's run has read, or None."""
        found = self._db.execute("SELECT day FROM read_until WHERE plant = ?", (plant,)).fetchone()
        return None if found is None else date.fromisoformat(found[0])

    def note(self, plant: str, day: date) -> None:
        """Remember the last day that the night's run has read."""
        self._db.execute("INSERT OR REPLACE INTO read_until VALUES (?, ?)", (plant, str(day)))
