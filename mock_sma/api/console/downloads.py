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
    return _csv(visit, numbers, plant_charts(numbers))


async def csv_device(visit: Visit) -> Response:
    """Give a chart of a device as comma-separated values."""
    numbers = await _of_device(visit)
    return _csv(visit, numbers, device_charts(numbers))


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
    return _file(numbers.body(), "application/json", f"inline; {_name(numbers)}.json")


def _csv(visit: Visit, numbers: Numbers, charts: list[Chart]) -> Response:
    wanted = visit.query("chart")
    chart = next((item for item in charts if wanted in ("", item.id)), None)
    if chart is None:
        raise HTTPException(
            404, f"There is no chart {wanted[:40]!r}; there are {', '.join(item.id for item in charts)}."
        )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([f"time ({chart.axis.zone})", *(f"{item.key} [{chart.unit_of(item)}]" for item in chart.shown)])
    writer.writerows([label, *values] for label, values in chart.rows())
    return _file(text.getvalue().encode(), "text/csv; charset=utf-8", f"attachment; {_name(numbers)}.csv")


def _name(numbers: Numbers) -> str:
    owner = numbers.plant.id if numbers.device is None else numbers.device.id
    return f"filename*=UTF-8''{quote(owner)}-{numbers.measured.name}"


def _file(content: bytes, kind: str, disposition: str) -> Response:
    headers = {"x-content-type-options": "nosniff", "content-disposition": disposition}
    return Response(content, media_type=kind, headers=headers)
