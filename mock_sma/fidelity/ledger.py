"""The ledger: a row for each operation, parameter, status, field, set, property, word, message, switch and rule."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Standing(StrEnum):
    """How a thing is known, from sure to not."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"
    ASSUMED = "assumed"


KINDS = ("operation", "parameter", "status", "field", "set", "property", "word", "message", "switch", "rule", "choice")
"""Tables of the file, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row.

    Attributes:
        kind: one of :data:`KINDS`.
        source: what it is known from, in words.
        date: the date of that source; a year, or year and month.
        note: what the standing does not say; empty: nothing.
    """

    kind: str
    name: str
    standing: Standing
    source: str
    date: str
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the row for the control API."""
        return asdict(self)

    def brief(self) -> dict[str, str]:
        """Return what stands as ``x-fidelity`` beside the thing itself."""
        told = {"standing": self.standing.value, "source": self.source, "date": self.date, "note": self.note}
        return {name: value for name, value in told.items() if value}


class Ledger:
    """All rows.

    Args:
        document: tables of rows as in ``ledger.toml``.

    Raises:
        UsageError: a row is not of the form ``[standing, source, note?]``, or names an unknown standing or source.
    """

    def __init__(self, document: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._sources = document.get("source", {})
        strange = set(document) - {"source", *KINDS}
        if strange:
            raise UsageError(f"the ledger has tables that are none of its kinds: {', '.join(sorted(strange))}")
        self.rows: tuple[LedgerRow, ...] = tuple(
            self._row(kind, name, value) for kind in KINDS for name, value in document.get(kind, {}).items()
        )
        self._by_name = {(row.kind, row.name): row for row in self.rows}

    def _row(self, kind: str, name: str, value: list[str]) -> LedgerRow:
        standing, source, *note = value
        if standing not in list(Standing) or source not in self._sources or len(note) > 1:
            known = f"{', '.join(Standing)}; sources are {', '.join(self._sources)}"
            raise UsageError(f"ledger, {kind} {name}: {value} is not [standing, source, note]; standings are {known}")
        text, date = self._sources[source]
        return LedgerRow(kind, name, Standing(standing), text, date, *note)

    def find(self, kind: str, *names: str) -> LedgerRow | None:
        """Return the first row of a kind that has one of the names, most special one first, or None."""
        found = (self._by_name.get((kind, name)) for name in names)
        return next((row for row in found if row is not None), None)

    def select(
        self, kind: str | None = None, standing: str | None = None, name: str | None = None
    ) -> tuple[LedgerRow, ...]:
        """Return the rows of a kind and standing whose name contains ``name`` in any case; None: all."""
        wanted = (name or "").lower()
        return tuple(
            row
            for row in self.rows
            if kind in (None, row.kind) and standing in (None, row.standing) and wanted in row.name.lower()
        )

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many rows each kind has of each standing, and all together as ``total``."""
        counted = Counter((row.kind, row.standing.value) for row in self.rows)
        kinds = {kind: {standing.value: counted[kind, standing.value] for standing in Standing} for kind in KINDS}
        total = {standing.value: sum(kinds[kind][standing.value] for kind in KINDS) for standing in Standing}
        return kinds | {"total": total}


@cache
def load_ledger() -> Ledger:
    """Return the ledger that the package is shipped with."""
    text = files("mock_sma.fidelity").joinpath("ledger.toml").read_text(encoding="utf-8")
    return Ledger(tomllib.loads(text))
