"""``/_mock/plants``: the model behind each plant, and changing it while the world runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException
from pydantic import BaseModel, ConfigDict, ValidationError

from mock_sma.api.world import World
from mock_sma.domain import timeline as act
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.reading import nearest
from mock_sma.errors import UsageError
from mock_sma.sandbox.world.happenings.plants import add_event, plant_named
from mock_sma.scenario_file.plant_document import EventDoc
from mock_sma.scenario_file.plant_model import patched_plant, plant_model

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.sandbox import Sandbox

KINDS = {"fault": EventKind.DEVICE_FAULT, "migrate": "migration"}
"""Words that mean another kind."""

WORDS = (*EventKind, *KINDS, "migration", "end")
"""All kinds that may be asked for."""


class NewEvent(BaseModel):
    """Something that happens to a plant.

    ``kind`` is one of a scenario's events, or ``migration`` (with ``to``, the ennexOS id), or ``end``, which ends
    the gaps and faults under way. ``start`` is now where it is left out; ``duration`` stands in for ``end``.
    """

    model_config = ConfigDict(extra="allow")

    kind: str
    device: str | None = None
    to: str | None = None
    duration: timedelta | None = None


router = APIRouter(prefix="/plants", tags=["plants"])


def found(world: Sandbox, plant_id: str) -> Plant:
    """Return a plant by its id, or by the one it had before its migration.

    Raises:
        HTTPException: 404, there is none.
    """
    try:
        return plant_named(world.estate, plant_id)
    except UsageError as error:
        raise HTTPException(404, str(error)) from None


@router.get("")
async def list_plants(world: World) -> list[dict[str, Any]]:
    """List all plants, whoever may see them."""
    world.catch_up()
    return [
        {
            "id": plant.id,
            "name": plant.name,
            "backend": plant.backend.value,
            "owners": [user.email for user in plant.owners()],
            "devices": [device.id for device in plant.devices],
        }
        for plant in world.estate.plants.values()
    ]


@router.get("/{plant_id}")
async def read_plant(world: World, plant_id: str) -> dict[str, Any]:
    """Read the model behind a plant: people, devices, events, as a scenario spells them."""
    world.catch_up()
    return plant_model(found(world, plant_id))


@router.patch("/{plant_id}")
async def patch_plant(world: World, plant_id: str, patch: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Change a plant by a merge patch of its model (RFC 7396); ``by`` does it as that person (R02)."""
    with world.lock:
        world.catch_up()
        plant = found(world, plant_id)
        changes = {name: value for name, value in patch.items() if name != "by"}
        people = [user.email for user in world.estate.users.values()]
        changed = patched_plant(plant, changes, people, world.clock.now())
        if "by" in patch:
            _check(plant, changed, patch["by"])
        _check_ids(world, plant, changed)
        world.estate.move(plant.id, changed)
    return plant_model(changed)


def _check(plant: Plant, changed: Plant, by: object) -> None:
    if not isinstance(by, str):
        raise HTTPException(422, "by is the e-mail of a person")
    if changed.users != plant.users and not plant.may_be_administered_by(by):
        raise HTTPException(403, f"{by[:100]} is neither administrator nor installer of plant {plant.id} (R02)")
    if all(user.key != by.casefold() for user in plant.users):
        raise HTTPException(403, f"{by[:100]} has no part in plant {plant.id}")


def _check_ids(world: Sandbox, plant: Plant, changed: Plant) -> None:
    own = {device.id.lower() for device in plant.devices}
    for device in changed.devices:
        if device.id.lower() not in own and world.estate.is_taken(device.id):
            raise UsageError(f"the id {device.id!r} is taken; plants and devices share one id space (R19)")


@router.post("/{plant_id}/events", status_code=201)
async def add(world: World, plant_id: str, wanted: NewEvent) -> dict[str, Any]:
    """Let something happen to a plant: a gap, a fault, a migration; numbers, status and logs follow."""
    with world.lock:
        world.catch_up()
        plant = found(world, plant_id)
        kind = KINDS.get(wanted.kind, wanted.kind)
        if kind == "migration":
            if wanted.to is None:
                raise HTTPException(422, 'a migration needs "to", the id on ennexOS')
            world.happenings.carry_out(act.Migrate(plant_id=plant.id, to=wanted.to))
        elif kind == "end":
            world.happenings.carry_out(act.EndEvents(plant_id=plant.id, device_id=wanted.device))
        elif kind not in tuple(EventKind):
            raise HTTPException(422, f"kind: {wanted.kind[:100]!r} is unknown{nearest(wanted.kind, WORDS)}")
        else:
            add_event(world.estate, plant.id, _event(wanted, kind, world.clock.now()))
        return plant_model(found(world, plant_id))


def _event(wanted: NewEvent, kind: str, now: datetime) -> PlantEvent:
    facts = {**(wanted.model_extra or {}), "kind": kind, "device": wanted.device}
    facts.setdefault("start", now)
    try:
        doc = EventDoc.model_validate(facts)
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()]
        raise HTTPException(422, "; ".join(lines)) from None
    end = doc.end if wanted.duration is None else _after(doc.start, wanted.duration)
    if wanted.duration is not None and doc.end is not None:
        raise HTTPException(422, "give end or duration, not both")
    if end is not None and end <= doc.start:
        raise HTTPException(422, "time goes backwards: the end is not after the start")
    # A rule's instants are compared with the clock's, which are UTC.
    facts = doc.model_dump(exclude={"device", "end", "start"})
    return PlantEvent(device_id=doc.device, start=doc.start.astimezone(UTC), end=end, **facts)


def _after(start: datetime, duration: timedelta) -> datetime:
    try:
        return start + duration
    except OverflowError:
        raise HTTPException(422, f"duration: {duration} after {start.isoformat()} is beyond the calendar") from None
