"""``/_mock/plants/{plant_id}/data``: rows of the user's own, served in the place of simulated ones (docs/data.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request

from mock_sma.api.bodies import bounded_body
from mock_sma.api.worker import in_thread
from mock_sma.api.world import World
from mock_sma.domain import actions as act
from mock_sma.sandbox.world.happenings.plants import plant_named
from mock_sma.scenario_file.plant_patch import DevicePatch, PlantPatch, plant_model

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_ROWS = 4 * 1024 * 1024
"""Largest file that is taken over the network [bytes]: a month of minutes with ten columns."""

KINDS = ("text/csv", "application/csv", "application/octet-stream")

CSV = {"text/csv": {"schema": {"type": "string"}}}

router = APIRouter(prefix="/plants", tags=["plants"])


@router.put(
    "/{plant_id}/data",
    openapi_extra={"requestBody": {"required": True, "description": "CSV; empty: no rows any more", "content": CSV}},
)
async def put_rows(
    world: World,
    plant_id: str,
    request: Request,
    device: Annotated[str | None, Query(description="a device of the plant; left out: the plant itself")] = None,
    set_name: Annotated[str | None, Query(alias="set", description="left out: told by the columns")] = None,
    unit: str | None = None,
    stamps: str | None = None,
    timezone: str | None = None,
    interval: str | None = None,
    form: Annotated[str | None, Query(alias="format", description="whose export it is; left out: told by it")] = None,
) -> dict[str, Any]:
    """Serve rows in the place of simulated ones, instead of those that a plant or device had; see docs/data.md."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await bounded_body(request, MAX_ROWS)
    if kind not in KINDS:
        raise HTTPException(415, f"send it as {KINDS[0]}, not as {kind or 'a body without a content type'}")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HTTPException(422, "the rows are not UTF-8") from None
    options = {"set": set_name, "unit": unit, "stamps": stamps, "timezone": timezone}
    options |= {"interval": interval, "format": form}
    action = rows_action(plant_id, device, text, options)
    await in_thread(lambda: world.happenings.carry_out(action))
    return plant_model(plant_named(world.estate, plant_id))


def rows_action(plant_id: str, device: str | None, text: str, options: Mapping[str, str | None]) -> act.Action:
    """Return what gives rows to a plant or a device of it; no text: what takes them away."""
    given = {name: value for name, value in options.items() if value is not None}
    patch = {"data": {"rows": text} | given if text.strip() else None}
    if device is None:
        return act.ChangePlant(plant_id=plant_id, change=PlantPatch(patch))
    return act.ChangeDevice(device_id=device, change=DevicePatch(device, patch))
