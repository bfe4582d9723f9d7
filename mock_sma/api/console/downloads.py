"""What a chart shows, to be taken away: as the API sends it, and as comma-separated values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from mock_sma.api.console.numbers import Numbers, device_charts, main_set, plant_charts, span_of
from mock_sma.api.console.plants import device_of
from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.instruments import device_sets, plant_sets

if TYPE_CHECKING:
    from mock_sma.api.console.charts import Chart
    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant


async def raw_plant(visit: Visit) -> Response:
    """Give a plant's set as the vendor API does, whoever has consented."""
    return _raw(await _of_plant(visit))


async def raw_device(visit: Visit) -> Response:
    """Give a device's set as the vendor API does."""
    return _raw(await _of_device(visit))


async def csv_plant(visit: Visit) -> Response:
    """Give a chart of a plant as comma-separated values."""
    numbers = await _of_plant(visit)
    return csv_of(visit.query("chart"), plant_charts(numbers), _name(numbers))


async def csv_device(visit: Visit) -> Response:
    """Give a chart of a device as comma-separated values."""
    numbers = await _of_device(visit)
    return csv_of(visit.query("chart"), device_charts(numbers), _name(numbers))


async def _of_plant(visit: Visit) -> Numbers:
    plant = visit.plant()
    return await _numbers(visit, plant, None, visit.query("set") or main_set(plant) or "", plant_sets(plant))


async def _of_device(visit: Visit) -> Numbers:
    plant, device = device_of(visit)
    return await _numbers(visit, plant, device, visit.query("set"), device_sets(plant, device))


async def _numbers(visit: Visit, plant: Plant, device: Device | None, name: str, offered: tuple[str, ...]) -> Numbers:
    known = ALL_SETS.get(name.lower())
    if known is None or known.name not in offered:
        raise HTTPException(404, f"There is no set {name[:60]!r} here; there are {', '.join(offered) or 'none'}.")
    span = span_of(visit.query("period"), visit.query("date"), plant, visit.world.clock.time())
    return await Numbers.of(visit.world, plant, device, known.name, span)


def _raw(numbers: Numbers) -> Response:
    return _file(numbers.body(), "application/json", f"inline; {_named(_name(numbers))}.json")


def csv_of(wanted: str, charts: list[Chart], name: str, *, by_label: bool = False) -> Response:
    """Give a chart as comma-separated values.

    Args:
        wanted: id of the chart; empty: the first.
        name: of the file, without its ending.
        by_label: columns are named as in the picture, rather than as the API names them.

    Raises:
        HTTPException: 404, there is no such chart.
    """
    chart = next((item for item in charts if wanted in ("", item.id)), None)
    if chart is None:
        raise HTTPException(
            404, f"There is no chart {wanted[:40]!r}; there are {', '.join(item.id for item in charts)}."
        )
    text = io.StringIO()
    writer = csv.writer(text)
    names = [item.label if by_label else item.key for item in chart.shown]
    units = [chart.unit_of(item) for item in chart.shown]
    columns = [f"{name} [{unit}]" for name, unit in zip(names, units, strict=True)]
    writer.writerow([f"time ({chart.axis.zone})", *columns])
    writer.writerows([label, *values] for label, values in chart.rows())
    return _file(text.getvalue().encode(), "text/csv; charset=utf-8", f"attachment; {_named(name)}.csv")


def _name(numbers: Numbers) -> str:
    owner = numbers.plant.id if numbers.device is None else numbers.device.id
    return f"{owner}-{numbers.measured.name}"


def _named(file: str) -> str:
    return f"filename*=UTF-8''{quote(file)}"


def _file(content: bytes, kind: str, disposition: str) -> Response:
    headers = {"x-content-type-options": "nosniff", "content-disposition": disposition}
    return Response(content, media_type=kind, headers=headers)
