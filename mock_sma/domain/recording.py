"""Rows that somebody has recorded: what ``data`` of a plant or device names, as columns of plain bytes.

A scenario is an immutable value that is compared, copied and kept, and NumPy is not loaded where nothing is simulated:
so columns are bytes, which :mod:`mock_sma.overlay.replay` reads in place.
"""

from __future__ import annotations

from dataclasses import field
from typing import NamedTuple

from mock_sma.domain.period import Period, Span
from mock_sma.frozen import frozen


class RecordedTotal(NamedTuple):
    """What ``WithTotal`` gave of a span.

    Attributes:
        values: by property (``dcEnergyInput.A``: by property and input).
        until: when it was recorded, if the span was not over [s since the epoch].
    """

    span: Span
    values: tuple[tuple[str, float], ...]
    until: int | None = None


@frozen(kw_only=True)
class Recording:
    """Rows of one measurement set, in the order of time.

    Attributes:
        set_name: the set that they are rows of.
        step: length of the interval that each row is about [s]; of a sum 0.
        ends: when each ends, or a sum begins: native 64-bit integers [s since the epoch], ascending.
        columns: by property (``dcPowerInput.A``: by property and input) native doubles; NaN: no value.
        is_energy: whether energies are in Wh of the interval, not in W.
        covers: beginning and end of the time that they are all of [s since the epoch]; None: from the first row to the
            last.
        period: Day: rows of a few minutes. Month, Year, Total: sums of days, months, years, as that period has them.
        until: when they were recorded, so that what is later is none of theirs [s since the epoch]; None: it was over.
        totals: sums of whole spans, which are served in the place of sums of rows.
        source: the keys under which a scenario names them, by which they can be read again; empty: they came by upload.
    """

    set_name: str
    step: int
    ends: bytes = field(repr=False)
    columns: tuple[tuple[str, bytes], ...] = field(repr=False)
    is_energy: bool = False
    covers: tuple[int, int] | None = None
    period: Period = Period.DAY
    until: int | None = None
    totals: tuple[RecordedTotal, ...] = ()
    source: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.ends) // 8

    @property
    def begin(self) -> int:
        """Beginning of the time that they cover [s since the epoch]."""
        return self._at(0) - self.step if self.covers is None else self.covers[0]

    @property
    def end(self) -> int:
        """End of the time that they cover [s since the epoch]."""
        if self.until is not None:
            return self.until if self.covers is None else min(self.covers[1], self.until)
        return self._at(len(self) - 1) if self.covers is None else self.covers[1]

    @property
    def names(self) -> tuple[str, ...]:
        """Properties that have a column, each once."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name, _ in self.columns))

    def _at(self, place: int) -> int:
        return memoryview(self.ends).cast("q")[place]
