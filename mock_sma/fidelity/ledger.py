"""The ledger: a row for each operation, parameter, status, field, set, property, word, message, switch and rule."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import asdict
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from mock_sma.errors import UsageError
from mock_sma.frozen import frozen

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


NEVER = "never"
"""When the evidence of a row was seen for which there is none."""


@frozen
class CostlyRow:
    """An assumed row that costs a client much where SMA does otherwise.

    Attributes:
        cost: what it costs.
        turn: key of a scenario and a value, in YAML, that make the emulator do otherwise.
    """

    row: LedgerRow
    cost: str
    turn: str

    def as_json(self) -> dict[str, str]:
        """Return the row for the control API."""
        return {"kind": self.row.kind, "name": self.row.name, "cost": self.cost, "turn": self.turn}


@frozen
class LedgerRow:
    """One row.

    Attributes:
        kind: one of :data:`KINDS`.
        source: what it is known from, in words.
        date: when the evidence was seen last, or the choice made: a year, a month or a day.
        note: what the standing does not say; empty: nothing.
        seen: when the evidence was seen, a date or ``2021 to 2022``; ``never``: it is a choice.
    """

    kind: str
    name: str
    standing: Standing
    source: str
    date: str
    note: str = ""
    seen: str = NEVER

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
        strange = set(document) - {"source", "costly", *KINDS}
        if strange:
            raise UsageError(f"the ledger has tables that are none of its kinds: {', '.join(sorted(strange))}")
        self.rows: tuple[LedgerRow, ...] = tuple(
            self._row(kind, name, value) for kind in KINDS for name, value in document.get(kind, {}).items()
        )
        self._by_name = {(row.kind, row.name): row for row in self.rows}
        costly = document.get("costly", {}).items()
        self.costly = tuple(CostlyRow(self._named(name), cost, turn) for name, (cost, turn) in costly)
        """Assumed rows that cost a client most, the worst first."""

    def _row(self, kind: str, name: str, value: list[str]) -> LedgerRow:
        standing, source, *note = value
        if standing not in list(Standing) or source not in self._sources or len(note) > 1:
            known = f"{', '.join(Standing)}; sources are {', '.join(self._sources)}"
            raise UsageError(f"ledger, {kind} {name}: {value} is not [standing, source, note]; standings are {known}")
        text, *dates = self._sources[source]
        seen = NEVER if standing == Standing.ASSUMED else " to ".join(dates)
        return LedgerRow(kind, name, Standing(standing), text, dates[-1], note[0] if note else "", seen)

    def _named(self, name: str) -> LedgerRow:
        kind, _, rest = name.partition(".")
        row = self.find(kind, rest)
        if row is None or row.standing is not Standing.ASSUMED:
            raise UsageError(f"ledger, costly {name}: that is no row that is assumed")
        return row

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
