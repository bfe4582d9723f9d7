"""Plants: the list that one searches, a plant's page, and on ennexOS a device's (R32)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from mock_sma.api.console.numbers import (
    PERIODS,
    Numbers,
    date_text,
    device_charts,
    main_set,
    neighbours,
    plant_charts,
    span_of,
    tiles,
)
from mock_sma.api.console.page import page
from mock_sma.api.console.plant_changes import EVENTS
from mock_sma.api.console.snippets import Caller, snippets
from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.health import plant_status
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.logbook import entries
from mock_sma.domain.plant import Backend

if TYPE_CHECKING:
    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.device import Device
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant

PER_PAGE = 50


async def list_plants(visit: Visit) -> Response:
    """Show the plants that fit a search."""
    wanted, backend = visit.query("q").strip().casefold(), visit.query("backend")
    found = [
        plant
        for plant in visit.world.estate.plants.values()
        if backend in ("", plant.backend.value) and wanted in _searched(plant)
    ]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(_whole(visit.query("page"), 1), 1), pages)
    now = visit.world.clock.time()
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return page(
        visit,
        "plants",
        plants=[(plant, plant_status(plant, now)) for plant in shown],
        count=len(found),
        total=len(visit.world.estate.plants),
        number=number,
        pages=pages,
        q=visit.query("q"),
        backend=backend,
    )


def _searched(plant: Plant) -> str:
    city = plant.address.city if plant.address is not None else None
    owners = " ".join(user.email for user in plant.owners())
    return f"{plant.name} {plant.id} {city or ''} {owners}".casefold()


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


async def show_plant(visit: Visit) -> Response:
    """Show a plant's day, month, year or whole life, and what it is made of."""
    given = visit.params["plant"]
    moved = visit.world.estate.moved_to(given)
    if visit.world.estate.plant(given) is None and moved is not None:
        return RedirectResponse(visit.link("plants", moved), 308)
    plant = visit.plant()
    world, now = visit.world, visit.world.clock.time()
    span = span_of(visit.query("period"), visit.query("date"), plant, now)
    name = main_set(plant)
    numbers = await Numbers.of(world, plant, None, name, span) if name is not None else None
    charts = plant_charts(numbers) if numbers is not None else []
    caller = Caller.of(world, visit.origin, plant=plant.id)
    return page(
        visit,
        "plant",
        plant=plant,
        numbers=numbers,
        charts=charts,
        tiles=tiles(numbers.totals()) if numbers is not None else [],
        ask=snippets(caller, numbers.path) if caller is not None and numbers is not None else [],
        status=plant_status(plant, now),
        sets=plant_sets(plant),
        events=EVENTS,
        devices=[(device, device_sets(plant, device)) for device in plant.devices],
        consents=[record for record in world.consents if plant.id in record.plants],
        logs=entries(plant, now, classic_ids=world.switches.classic_log_ids, language="en")[:20],
        **_navigation(visit, "plants", plant.id, span=span),
    )


def _navigation(visit: Visit, *parts: str, span: Span, **query: str) -> dict[str, Any]:
    before, after = neighbours(span)
    text = date_text(span)
    return {
        "span": span,
        "date": text,
        "periods": [(item.value, visit.link(*parts, period=item.value, date=text, **query)) for item in PERIODS],
        "before": visit.link(*parts, period=span.period.value, date=before, **query) if before else "",
        "after": visit.link(*parts, period=span.period.value, date=after, **query) if after else "",
        "raw": f"{visit.link(*parts)}/raw",
    }


async def show_device(visit: Visit) -> Response:
    """Show a device's sets; on Sunny Portal Classic a device has no page (R32)."""
    plant, device = _device(visit)
    offered = device_sets(plant, device)
    wanted = visit.query("set")
    name = next((item for item in offered if item.lower() == wanted.lower()), offered[0] if offered else None)
    span = span_of(visit.query("period"), visit.query("date"), plant, visit.world.clock.time())
    numbers = await Numbers.of(visit.world, plant, device, name, span) if name is not None else None
    caller = Caller.of(visit.world, visit.origin, plant=plant.id)
    parts = ("plants", plant.id, "devices", device.id)
    return page(
        visit,
        "device",
        plant=plant,
        device=device,
        numbers=numbers,
        charts=device_charts(numbers) if numbers is not None else [],
        ask=snippets(caller, numbers.path) if caller is not None and numbers is not None else [],
        sets=[(item, visit.link(*parts, set=item, period=span.period.value, date=date_text(span))) for item in offered],
        chosen=name,
        **_navigation(visit, *parts, span=span, set=name or ""),
    )


def _device(visit: Visit) -> tuple[Plant, Device]:
    plant, given = visit.plant(), visit.params["device"]
    if plant.backend is Backend.CLASSIC:
        message = (
            "Sunny Portal Classic shows ids of plants in its page addresses, never of devices (R32), so there is no "
            "such page here either. The page of the plant lists its devices with their ids and sets."
        )
        raise HTTPException(404, message)
    device = next((item for item in plant.devices if item.id == given), None)
    if device is None:
        raise HTTPException(404, f"The plant {plant.id} has no device {given[:60]!r}.")
    return plant, device


async def raw_plant(visit: Visit) -> Response:
    """Give a plant's set as the vendor API does, whoever has consented."""
    plant = visit.plant()
    return await _raw(visit, plant, None, visit.query("set") or main_set(plant) or "", plant_sets(plant))


async def raw_device(visit: Visit) -> Response:
    """Give a device's set as the vendor API does."""
    plant, device = _device(visit)
    return await _raw(visit, plant, device, visit.query("set"), device_sets(plant, device))


async def _raw(visit: Visit, plant: Plant, device: Device | None, name: str, offered: tuple[str, ...]) -> Response:
    known = ALL_SETS.get(name.lower())
    if known is None or known.name not in offered:
        raise HTTPException(404, f"There is no set {name[:60]!r} here; there are {', '.join(offered) or 'none'}.")
    span = span_of(visit.query("period"), visit.query("date"), plant, visit.world.clock.time())
    numbers = await Numbers.of(visit.world, plant, device, known.name, span)
    headers = {
        "x-content-type-options": "nosniff",
        "content-disposition": f"inline; filename*=UTF-8''{quote(plant.id)}-{known.name}.json",
    }
    return Response(numbers.body(), media_type="application/json", headers=headers)
