"""Charts as data: what the script draws, the table beside it says, and a screen reader is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mock_sma.api.console.units import NO_PREFIX, Prefix
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cells = list[float | None]


@frozen
class Series:
    """One quantity of a chart.

    Attributes:
        key: its property's name on the wire.
        color: name of a colour of the style sheet.
    """

    key: str
    label: str
    color: str
    values: Cells


@frozen
class Mark:
    """A span of a chart that deserves a word.

    Attributes:
        kind: ``gap``, ``event``, ``dst`` or ``ahead``.
        start: position on the time axis, as ``end``.
    """

    kind: str
    start: float
    end: float
    text: str


@dataclass(slots=True)
class Axis:
    """The time axis.

    Attributes:
        places: position of each row: end of its interval [s since the epoch], or its number where rows are bars.
        labels: each row's time in words.
        low: position of the axis's begin, as ``high`` of its end.
        ticks: positions with a label.
        bars: whether rows are days, months and years rather than intervals of one day.
        zone: name of the time zone.
    """

    places: list[float]
    labels: list[str]
    low: float
    high: float
    ticks: list[tuple[float, str]]
    bars: bool = False
    zone: str = ""


@dataclass(slots=True)
class Chart:
    """A chart.

    Attributes:
        id: the id of its element in the page.
        unit: the unit of all series, as in the table.
        stacked: whether the series add up.
        series: from the bottom up.
        line: a further quantity on an axis of its own from 0 to 100, or None.
        prefix: in whose unit the picture is.
    """

    id: str
    title: str
    unit: str
    axis: Axis
    series: list[Series]
    stacked: bool = True
    line: Series | None = None
    marks: list[Mark] = field(default_factory=list)
    prefix: Prefix = NO_PREFIX

    @property
    def shown(self) -> list[Series]:
        """All quantities, the line last."""
        return [*self.series, *([self.line] if self.line is not None else [])]

    @property
    def summary(self) -> str:
        """The chart in one sentence, for who cannot see it."""
        if not self.axis.places:
            return f"{self.title}: no rows."
        peaks = []
        for series in self.series:
            values = [value for value in series.values if value is not None]
            if values:
                peak = max(values)
                peaks.append(f"{series.label} at most {peak:g} {self.unit} ({self._when(series.values, peak)})")
        return f"{self.title}, {len(self.axis.places)} rows. {'; '.join(peaks)}. The data table below has all values."

    def _when(self, values: Cells, wanted: float) -> str:
        return self.axis.labels[values.index(wanted)]

    def unit_of(self, series: Series) -> str:
        """Return the unit of a quantity."""
        return "%" if series is self.line else self.unit

    def as_json(self) -> dict[str, Any]:
        """Return what the script needs."""
        return {
            "unit": self.unit,
            "scale": self.prefix.size,
            "axis": f"{self.prefix.name}{self.unit}",
            "zone": self.axis.zone,
            "bars": self.axis.bars,
            "stacked": self.stacked,
            "places": self.axis.places,
            "labels": self.axis.labels,
            "low": self.axis.low,
            "high": self.axis.high,
            "ticks": self.axis.ticks,
            "series": [_plain(series) for series in self.series],
            "line": _plain(self.line) if self.line is not None else None,
            "marks": [
                {"kind": mark.kind, "start": mark.start, "end": mark.end, "text": mark.text} for mark in self.marks
            ],
        }

    def rows(self) -> list[tuple[str, list[float | None]]]:
        """Return the data table's rows: label and values; missing intervals included."""
        columns = [series.values for series in self.shown]
        return [(label, [column[row] for column in columns]) for row, label in enumerate(self.axis.labels)]


def _plain(series: Series) -> dict[str, Any]:
    return {"key": series.key, "label": series.label, "color": series.color, "values": series.values}


def chosen(
    columns: Mapping[str, Cells], wanted: Sequence[tuple[str, str, str]], places: Sequence[int | None]
) -> list[Series]:
    """Return the wanted ones of a table's columns.

    Args:
        columns: a value for each row, by key.
        wanted: key, label and colour of each.
        places: for each place of the axis the number of its row, None where there is none.
    """
    found = []
    for key, label, color in wanted:
        cells = columns.get(key)
        if cells is not None:
            found.append(Series(key, label, color, [None if row is None else cells[row] for row in places]))
    return found
