"""Small pictures of the day that plants of a scenario would have, as one writes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from mock_sma.api.console.numbers import Numbers, main_set, plant_charts
from mock_sma.api.worker import in_thread
from mock_sma.clock import YEARS
from mock_sma.domain.period import Period, Span
from mock_sma.errors import UsageError
from mock_sma.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.api.console.charts import Chart
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario

SHOWN = 6
"""Plants that get a picture."""

POINTS = 96
"""Points of a picture; of more rows, neighbours are joined."""

WIDTH, HEIGHT = 240, 48
"""Size of a picture [units of its own]."""

LATER = timedelta(days=2)
"""How long after the day's beginning it is looked at: late rows have come by then."""


class Picture(NamedTuple):
    """A plant's day.

    Attributes:
        generation: paths of an SVG, one for each part without a gap, ``consumption`` likewise.
        gaps: left edge and width of each time without data.
        energy: generated in the day [kWh]; None: nothing is known of it.
        peak: the largest power [kW], which the picture is as high as.
    """

    name: str
    id: str
    generation: list[str]
    consumption: list[str]
    gaps: list[tuple[float, float]]
    energy: float | None
    peak: float


class DayPreview(NamedTuple):
    """A day of a scenario's first plants.

    Attributes:
        more: plants without a picture.
    """

    day: date
    pictures: list[Picture]
    more: int

    @classmethod
    async def of(cls, scenario: Scenario, now: float, text: str) -> DayPreview | None:
        """Return the day that ``text`` names, or the one on which the scenario begins; None without plants."""
        if not scenario.plants:
            return None
        start = scenario.now or datetime.fromtimestamp(now, UTC)
        first = start.astimezone(ZoneInfo(scenario.plants[0].timezone)).date()
        day = _day(text) or first
        later = datetime(day.year, day.month, day.day, tzinfo=UTC) + LATER
        world = await in_thread(lambda: Sandbox(scenario, now=later))
        plants = list(world.estate.plants.values())
        pictures = [await _picture(world, plant, Span(Period.DAY, day)) for plant in plants[:SHOWN]]
        return cls(day, pictures, max(0, len(plants) - SHOWN))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text[:20]!r} is not a day such as 2025-06-15.") from None
    if day.year not in YEARS:
        raise UsageError(f"{day} is out of reach: the days of 1990 to 2199 can be shown.")
    return day


async def _picture(world: Sandbox, plant: Plant, span: Span) -> Picture:
    name = main_set(plant)
    if name is None:
        return Picture(plant.name, plant.id, [], [], [], None, 0)
    numbers = await Numbers.of(world, plant, None, name, span)
    charts = {chart.id: chart for chart in plant_charts(numbers)}
    made, used = (_stacked(charts.get(key)) for key in ("generation", "consumption"))
    peak = max((value for value in (*made, *used) if value is not None), default=0.0)
    totals = numbers.totals()
    energy = totals.get("totalGeneration", totals.get("pvGeneration"))
    return Picture(
        plant.name,
        plant.id,
        list(_paths(made, peak, filled=True)),
        list(_paths(used, peak, filled=False)),
        list(_gaps(made)),
        None if energy is None else energy / 1000,
        peak / 1000,
    )


def _stacked(chart: Chart | None) -> list[float | None]:
    """Return the sum of a chart's parts at each place; None where there is no row."""
    if chart is None or not chart.series:
        return []
    rows = zip(*(series.values for series in chart.series), strict=True)
    sums = [None if all(value is None for value in row) else sum(filter(None, row)) for row in rows]
    size = max(1, len(sums) // POINTS)
    return [_joined(sums[place : place + size]) for place in range(0, len(sums), size)]


def _joined(values: list[float | None]) -> float | None:
    """Return the mean of neighbours; None where one of them is missing, so that no gap is hidden."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if len(there) == len(values) else None


def _paths(values: list[float | None], peak: float, *, filled: bool) -> Iterator[str]:
    """Yield a path for each run of values."""
    for start, end in _runs(values, there=True):
        points = [(_x(place, len(values)), _y(values[place] or 0.0, peak)) for place in range(start, end)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f"M{points[0][0]:.1f},{HEIGHT} L{line} L{points[-1][0]:.1f},{HEIGHT}Z" if filled else f"M{line}"


def _gaps(values: list[float | None]) -> Iterator[tuple[float, float]]:
    for start, end in _runs(values, there=False):
        left = _x(start, len(values))
        yield round(left, 1), round(_x(end, len(values)) - left, 1)


def _runs(values: list[float | None], *, there: bool) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    for place, value in enumerate([*values, None if there else 0.0]):
        fits = (value is not None) == there
        if fits and begun is None:
            begun = place
        elif not fits and begun is not None:
            yield begun, place
            begun = None


def _x(place: int, count: int) -> float:
    return WIDTH * place / max(1, count)


def _y(value: float, peak: float) -> float:
    return HEIGHT - HEIGHT * max(0.0, value) / (peak or 1.0)
