"""Two plants, or two days of one, in one picture."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from mock_sma.api.console.charts import Chart, Series
from mock_sma.api.console.downloads import csv_of
from mock_sma.api.console.numbers import PERIODS, Numbers, date_text, main_set, plant_charts, span_of
from mock_sma.api.console.page import page
from mock_sma.api.console.snippets import Caller, snippets
from mock_sma.api.console.units import prefix_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.snippets import Snippet
    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant

COMPARED = (
    ("generation", "Generation"),
    ("consumption", "Consumption"),
)
OFFERED = 200
"""Plants of the choice; another one is named by its id in the address."""


async def show(visit: Visit) -> Response:
    """Show what two plants or two days generated and consumed."""
    first = _plant(visit, "a")
    second = _plant(visit, "b") or (first if visit.query("a") else _another(visit, first))
    if first is None or second is None:
        raise HTTPException(404, "This world has no plant to compare.")
    now, period = visit.world.clock.time(), visit.query("period")
    span = span_of(period, visit.query("date"), first, now)
    other = span_of(period, visit.query("other") or date_text(span), second, now)
    pair = [await _numbers(visit, plant, item) for plant, item in ((first, span), (second, other))]
    found = [numbers for numbers in pair if numbers is not None]
    charts = _charts(found) if len(found) == len(pair) else []
    if wanted := visit.query("csv"):
        return csv_of(wanted, charts, f"{first.id}-{second.id}", by_label=True)
    return page(
        visit,
        "compare",
        charts=charts,
        asks=[(_label(numbers), ask) for numbers in found if (ask := _ask(visit, numbers))],
        first=first,
        second=second,
        date=date_text(span),
        other=date_text(other),
        period=span.period,
        periods=[item.value for item in PERIODS],
        plants=list(visit.world.estate.plants.values())[:OFFERED],
    )


def _plant(visit: Visit, name: str) -> Plant | None:
    given, plants = visit.query(name), visit.world.estate
    if not given:
        return next(iter(plants.plants.values()), None) if name == "a" else None
    plant = plants.plant(given)
    if plant is None:
        raise HTTPException(404, f"There is no plant {given[:60]!r} in this world.")
    return plant


def _another(visit: Visit, first: Plant | None) -> Plant | None:
    """Return what stands beside the first plant where nobody has chosen yet."""
    return next((plant for plant in visit.world.estate.plants.values() if plant is not first), first)


async def _numbers(visit: Visit, plant: Plant, span: Span) -> Numbers | None:
    name = main_set(plant)
    return None if name is None else await Numbers.of(visit.world, plant, None, name, span)


def _charts(pair: list[Numbers]) -> list[Chart]:
    """Return a chart for each quantity that both have, on the axis of the one with more places."""
    made = [{chart.id: chart for chart in plant_charts(numbers)} for numbers in pair]
    charts = []
    for key, title in COMPARED:
        if all(key in charts_of for charts_of in made):
            charts.append(_chart(key, title, pair, [charts_of[key] for charts_of in made]))
    return charts


def _chart(key: str, title: str, pair: list[Numbers], both: list[Chart]) -> Chart:
    longest = max((chart.axis for chart in both), key=lambda axis: len(axis.places))
    series: list[Series] = []
    for numbers, chart, color in zip(pair, both, ("pv", "feed"), strict=True):
        sums = [_sum(values) for values in zip_longest(*(item.values for item in chart.series))]
        sums += [None] * (len(longest.places) - len(sums))
        series.append(Series(f"{key}-{len(series) + 1}", _label(numbers), color, sums))
    prefix = prefix_of(value for item in series for value in item.values)
    zones = dict.fromkeys(chart.axis.zone for chart in both)
    zone = " and ".join(zones) + (", each its own time" if len(zones) > 1 else "")
    return Chart(key, title, both[0].unit, replace(longest, zone=zone), series, stacked=False, prefix=prefix)


def _label(numbers: Numbers) -> str:
    return f"{numbers.plant.name}, {date_text(numbers.span) or 'all years'}"


def _ask(visit: Visit, numbers: Numbers) -> list[Snippet]:
    caller = Caller.of(visit.world, visit.origin, plant=numbers.plant.id)
    return [] if caller is None else snippets(caller, numbers.path)


def _sum(values: tuple[float | None, ...]) -> float | None:
    there = [value for value in values if value is not None]
    return sum(there) if there else None
