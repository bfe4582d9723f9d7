"""Plants: the list that one searches, a plant's page, and on ennexOS a device's (R32)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from mock_sma.api.console.numbers import (
    PERIODS,
    Numbers,
    date_text,
    device_charts,
    main_set,
    neighbours,
    plant_charts,
    span_of,
    week_of,
)
from mock_sma.api.console.page import page
from mock_sma.api.console.plant_changes import EVENTS
from mock_sma.api.console.portfolio import RANKS, Portfolio, truth_of, views_of
from mock_sma.api.console.snippets import Caller, snippets
from mock_sma.api.console.units import tiles
from mock_sma.domain.health import plant_status
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.logbook import entries
from mock_sma.domain.period import Period
from mock_sma.domain.plant import Backend
from mock_sma.simulation.visibility import UPLOAD

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.device import Device
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant

PER_PAGE = 50
WORST = "worst"


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
    rated = [(plant, plant_status(plant, now)) for plant in found]
    order = visit.query("order")
    if order == WORST:
        rated.sort(key=lambda pair: RANKS.get(pair[1], len(RANKS)))
    return page(
        visit,
        "plants",
        plants=rated[(number - 1) * PER_PAGE : number * PER_PAGE],
        portfolio=Portfolio(rated),
        views=views_of(visit.world),
        order=order,
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
    sets, devices = plant_sets(plant), [(device, device_sets(plant, device)) for device in plant.devices]
    return page(
        visit,
        "plant",
        plant=plant,
        numbers=numbers,
        charts=charts,
        tiles=tiles(numbers.totals(), charts[0].prefix if charts else None) if numbers is not None else [],
        ask=snippets(caller, numbers.path) if caller is not None and numbers is not None else [],
        status=plant_status(plant, now),
        upload=UPLOAD[plant.backend] // 60,
        truth=visit.link("plants", plant.id, "truth", date=date_text(span)) if span.period is Period.DAY else "",
        compare=visit.link("compare", a=plant.id, date=date_text(span), period=span.period.value),
        sets=sets,
        row_sets=dict.fromkeys(chain(sets, *(own for _, own in devices))),
        events=EVENTS,
        devices=devices,
        consents=[record for record in world.consents if plant.id in record.plants],
        logs=entries(plant, now, classic_ids=world.switches.classic_log_ids, language="en")[:20],
        **_navigation(visit, plant, "plants", plant.id, span=span),
    )


async def show_truth(visit: Visit) -> Response:
    """Show what a client can have of a plant's day now, and in the end."""
    plant = visit.plant()
    span = span_of(Period.DAY.value, visit.query("date"), plant, visit.world.clock.time())
    truth = await truth_of(visit, plant, span)
    return page(visit, "truth", plant=plant, truth=truth, date=date_text(span))


def _navigation(visit: Visit, plant: Plant, *parts: str, span: Span, **query: str) -> dict[str, Any]:
    before, after = neighbours(span)
    text = date_text(span)
    dates = {Period.WEEK: text if span.period is Period.WEEK else week_of(text, plant, visit.world.clock.time())}
    return {
        "span": span,
        "date": text,
        "periods": [
            (item.value, visit.link(*parts, period=item.value, date=dates.get(item, text), **query)) for item in PERIODS
        ],
        "before": visit.link(*parts, period=span.period.value, date=before, **query) if before else "",
        "after": visit.link(*parts, period=span.period.value, date=after, **query) if after else "",
        "raw": f"{visit.link(*parts)}/raw",
    }


async def show_device(visit: Visit) -> Response:
    """Show a device's sets; on Sunny Portal Classic a device has no page (R32)."""
    plant, device = device_of(visit)
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
        **_navigation(visit, plant, *parts, span=span, set=name or ""),
    )


def device_of(visit: Visit) -> tuple[Plant, Device]:
    """Return the device that the path names, and its plant.

    Raises:
        HTTPException: 404, there is none, or it has no page (R32).
    """
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
