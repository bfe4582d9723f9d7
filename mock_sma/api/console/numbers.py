"""From a plant's or device's set to charts, tiles and the address that asks for the same."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from mock_sma.api.console.axes import DaySpan, visible_day
from mock_sma.api.console.charts import Chart, chosen
from mock_sma.api.console.long_spans import long_axis, long_marks
from mock_sma.api.console.units import NO_PREFIX, prefix_of, prefix_of_totals
from mock_sma.api.worker import in_thread
from mock_sma.clock import YEARS
from mock_sma.domain.catalogue import ALL_SETS, ENERGY_AND_POWER_PV, ENERGY_BALANCE, Nature
from mock_sma.domain.instruments import plant_sets
from mock_sma.domain.period import Period, Span, parse_span
from mock_sma.sandbox.wire.measurements import measurement_body
from mock_sma.simulation.table import Table
from mock_sma.simulation.visibility import has_no_part_of

if TYPE_CHECKING:
    from mock_sma.api.console.axes import Places
    from mock_sma.api.console.charts import Axis, Mark
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.simulation.table import Total

PERIODS = (Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR, Period.TOTAL)
FORMS = {Period.DAY: 10, Period.WEEK: 10, Period.MONTH: 7, Period.YEAR: 4}
CONSUMPTION = (
    ("directConsumption", "Direct consumption", "pv"),
    ("batteryDischarging", "From the battery", "battery"),
    ("gridConsumption", "From the grid", "grid"),
)
GENERATION = (
    ("directConsumption", "Direct consumption", "pv"),
    ("batteryCharging", "Into the battery", "battery"),
    ("gridFeedIn", "Into the grid", "feed"),
)
PV_ONLY = (("pvGeneration", "PV generation", "pv"),)
STATE_OF_CHARGE = (("batteryStateOfCharge", "Battery state of charge", "soc"),)
QUANTITIES = {
    "W": "Power",
    "VA": "Apparent power",
    "VAr": "Reactive power",
    "Wh": "Energy",
    "V": "Voltage",
    "A": "Current",
    "Hz": "Frequency",
    "Ohm": "Resistance",
    "1": "Ratio",
    "%": "Level",
    "°C": "Temperature",
    "W/m²": "Irradiance",
    "m/s": "Wind speed",
}
"""What a unit measures, for the charts of one set."""

LINE_COLORS = ("pv", "feed", "battery", "soc", "grid", "other")


@dataclass(slots=True)
class Numbers:
    """One set of a plant or device in one span.

    Attributes:
        span: period and date.
        device: None: the plant itself.
        path: the path of the vendor API that gives the same.
        table: rows as they are sent.
        sums: over the span: energies in Wh, rates from 0 to 1.
    """

    world: Sandbox
    plant: Plant
    device: Device | None
    measured: MeasurementSet
    span: Span
    table: Table
    sums: Total
    until: float
    today: date

    @classmethod
    async def of(cls, world: Sandbox, plant: Plant, device: Device | None, name: str, span: Span) -> Numbers:
        """Ask the simulation for a set, while others get their answers."""
        measured = ALL_SETS[name.lower()]
        seen, simulators = world.simulators.seen(plant, world.clock.time()), world.simulators
        device_id = device.id if device is not None else None

        def simulated() -> tuple[Table, Total]:
            with simulators.lent(plant) as simulator:
                table = simulator.table(measured, span, device_id=device_id, seen=seen)
                return table, simulator.total(measured, span, device_id=device_id, seen=seen)

        nothing: tuple[Table, Total] = Table(span.resolution(plant.resolution)), {}
        table, sums = nothing if has_no_part_of(plant, span, seen) else await in_thread(simulated)
        return cls(world, plant, device, measured, span, table, sums, seen.until, visible_day(plant, seen))

    @property
    def path(self) -> str:
        """The vendor API's address that gives the same."""
        kind, key = ("plants", self.plant.id) if self.device is None else ("devices", self.device.id)
        query = f"?Date={date_text(self.span)}" if self.span.first is not None else ""
        return (
            f"/monitoring/v1/{kind}/{quote(key)}/measurements/sets/{self.measured.name}/{self.span.period.value}{query}"
        )

    def body(self) -> bytes:
        """Return the vendor API's answer."""
        return measurement_body(self.plant, self.device, self.measured, self.table, None)

    def totals(self) -> dict[str, float]:
        """Return the sums that are single numbers."""
        return {name: value for name, value in self.sums.items() if isinstance(value, float)}

    def placed(self) -> tuple[Axis, Places, list[Mark]]:
        """Return the time axis, the row of each of its places, and what is worth a word."""
        if not self.span.period.is_fine:
            axis, rows = long_axis(self.span, self.plant, self.table.stamps, self.today)
            return axis, rows, long_marks(self.plant, axis, rows, self.until)
        days = DaySpan(self.plant, self.span.first or self.today, self.span.days)
        axis, rows = days.axis(self.table.stamps, self.until)
        return axis, rows, days.marks(axis, rows, self.until, complete=self.measured.name == ENERGY_BALANCE.name)

    @property
    def unit(self) -> str:
        """Unit of an energy or power in this span."""
        return "W" if self.span.period.is_fine else "Wh"


def plant_charts(numbers: Numbers) -> list[Chart]:
    """Return a plant's charts as Sunny Portal shows them: consumption by source, generation by use."""
    charts = _plant_charts(numbers)
    stacks = (sum(filter(None, values)) for chart in charts for values in zip(*_columns(chart), strict=True))
    prefix = prefix_of(stacks) if numbers.span.period.is_fine else prefix_of_totals(numbers.totals())
    for chart in charts:
        chart.prefix = prefix
    return charts


def _columns(chart: Chart) -> list[list[float | None]]:
    return [series.values for series in chart.series]


def _plant_charts(numbers: Numbers) -> list[Chart]:
    axis, rows, marks = numbers.placed()
    unit = numbers.unit
    if numbers.measured.name != ENERGY_BALANCE.name:
        series = chosen(numbers.table.columns, PV_ONLY, rows)
        return [Chart("generation", "PV generation", unit, axis, series, marks=marks)]
    charge = chosen(numbers.table.columns, STATE_OF_CHARGE, rows)
    line = charge[0] if charge else None
    return [
        Chart(
            "consumption",
            "Consumption by source",
            unit,
            axis,
            chosen(numbers.table.columns, CONSUMPTION, rows),
            marks=marks,
        ),
        Chart(
            "generation",
            "Generation by use",
            unit,
            axis,
            chosen(numbers.table.columns, GENERATION, rows),
            line=line,
            marks=marks,
        ),
    ]


def device_charts(numbers: Numbers) -> list[Chart]:
    """Return one chart for each unit that a device's set has."""
    axis, rows, marks = numbers.placed()
    columns: dict[str, list[tuple[str, list[float | None]]]] = {}
    for prop in numbers.measured.properties:
        unit = numbers.unit if prop.nature is Nature.ENERGY else prop.unit
        if prop.name in numbers.table.columns:
            columns.setdefault(unit, []).append((prop.name, numbers.table.columns[prop.name]))
        elif prop.name in numbers.table.indexed:
            columns.setdefault(unit, []).extend(_inputs(prop.name, numbers.table.indexed[prop.name]))
    charts = []
    for number, (unit, found) in enumerate(columns.items()):
        wanted = [(name, name, LINE_COLORS[place % len(LINE_COLORS)]) for place, (name, _) in enumerate(found)]
        series = chosen(dict(found), wanted, rows)
        title = QUANTITIES.get(unit, numbers.measured.name) if len(columns) > 1 else numbers.measured.name
        prefix = prefix_of(value for item in series for value in item.values) if unit in ("W", "Wh") else NO_PREFIX
        charts.append(Chart(f"chart-{number}", title, unit, axis, series, stacked=False, marks=marks, prefix=prefix))
    return charts


def _inputs(name: str, rows: list[list[tuple[str, float]]]) -> list[tuple[str, list[float | None]]]:
    letters = sorted({letter for row in rows for letter, _ in row})
    return [(f"{name} {letter}", [dict(row).get(letter) for row in rows]) for letter in letters]


def main_set(plant: Plant) -> str | None:
    """Return the set that a plant's page shows, or None where it offers none (R24)."""
    offered = plant_sets(plant)
    return next((name for name in (ENERGY_BALANCE.name, ENERGY_AND_POWER_PV.name) if name in offered), None)


def date_text(span: Span) -> str:
    """Return a span's date as its period wants it."""
    return "" if span.first is None else span.first.isoformat()[: FORMS[span.period]]


def span_of(period: str, text: str, plant: Plant, now: float) -> Span:
    """Return the span that a page's address names; by itself today, this month, this year.

    A date that fits a shorter or longer period is taken as well, so that changing the period keeps the place.
    """
    wanted = next((item for item in PERIODS if item.value.lower() == period.lower()), Period.DAY)
    if wanted is Period.TOTAL:
        return Span(wanted)
    today = datetime.fromtimestamp(now, ZoneInfo(plant.timezone)).date()
    full = text + today.isoformat()[len(text) :] if len(text) in FORMS.values() else today.isoformat()
    for given in (full, f"{full[:8]}01", today.isoformat()):
        with suppress(ValueError):
            span = parse_span(wanted, given[: FORMS[wanted]])
            if span.first is not None and span.first.year in YEARS:
                return span
    return Span(wanted, today)


def week_of(text: str, plant: Plant, now: float) -> str:
    """Return the first day of the week that stands for a page's date; of one that is not over, the week until today."""
    first = span_of(Period.WEEK.value, text, plant, now).first
    assert first is not None
    today = datetime.fromtimestamp(now, ZoneInfo(plant.timezone)).date()
    begin = today - timedelta(days=6)
    return (begin if begin < first <= today else first).isoformat()


def neighbours(span: Span) -> tuple[str, str]:
    """Return the dates of the spans before and after; empty for a Total."""
    first = span.first
    if first is None:
        return "", ""
    if span.period is Period.WEEK:
        return (first - timedelta(days=7)).isoformat(), (first + timedelta(days=7)).isoformat()
    if span.period is Period.DAY:
        return (first - timedelta(days=1)).isoformat(), (first + timedelta(days=1)).isoformat()
    if span.period is Period.MONTH:
        month = first.replace(day=1)
        before, after = month - timedelta(days=1), month + timedelta(days=32)
        return before.isoformat()[:7], after.isoformat()[:7]
    return str(first.year - 1), str(first.year + 1)
