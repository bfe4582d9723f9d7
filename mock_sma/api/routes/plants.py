"""``/_mock/plants``: the model behind each plant, and changing it while the world runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query
from pydantic import BaseModel, ConfigDict, ValidationError

from mock_sma.api.worker import in_thread
from mock_sma.api.world import World
from mock_sma.domain import actions as act
from mock_sma.domain.authority import is_person
from mock_sma.domain.event import EventKind
from mock_sma.domain.reading import nearest
from mock_sma.sandbox.world.happenings.book import BY_HAND
from mock_sma.sandbox.world.happenings.plants import plant_named
from mock_sma.scenario_file.build_events import ATTRIBUTES
from mock_sma.scenario_file.plant_document import EventDoc
from mock_sma.scenario_file.plant_patch import PlantPatch, plant_model
from mock_sma.scenario_file.read import read_mapping
from mock_sma.scenario_file.repetition import KEYS, repeat_of

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
    return plant_model(plant_named(world.estate, plant_id))


@router.patch("/{plant_id}")
async def patch_plant(world: World, plant_id: str, patch: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Change a plant by a merge patch of its model (RFC 7396); ``by`` does it as that person (R02)."""
    by = patch.get("by", BY_HAND)
    if "by" in patch and not (isinstance(by, str) and is_person(by)):
        raise HTTPException(422, "by is the e-mail of a person")
    changes = {name: value for name, value in patch.items() if name != "by"}
    world.happenings.carry_out(act.ChangePlant(plant_id=plant_id, change=PlantPatch(changes)), by=by)
    return plant_model(plant_named(world.estate, plant_id))


class EnergiesModel(BaseModel):
    """Energies of a local day [Wh], each the sum of the day's rows.

    ``now``: of the rows that can be seen now; ``final``: of those that there will be when everything has come.
    """

    now: dict[str, float]
    final: dict[str, float]


class TruthModel(EnergiesModel):
    """Energies of a plant and, by id, of its devices; ``final_at`` is from when on nothing changes, at the latest."""

    plant: str
    date: date
    unit: str
    final_at: str
    is_final: bool
    devices: dict[str, EnergiesModel]


@router.get("/{plant_id}/truth")
async def read_truth(
    world: World, plant_id: str, day: Annotated[str, Query(alias="date", examples=["2025-06-15"])]
) -> TruthModel:
    """Tell the energies of a day that a client which missed nothing holds now, and in the end.

    They are the owner's: consents, quotas and faults do not matter. Late data, gaps, restated rows, devices that are
    gone or new, and what the timeline still holds do.
    """
    truth = await in_thread(lambda: world.truth(plant_id, day))
    return TruthModel(
        plant=truth.plant_id,
        date=truth.date,
        unit=truth.unit,
        now=dict(truth.now),
        final=dict(truth.final),
        final_at=truth.final_at.isoformat(timespec="milliseconds"),
        is_final=truth.is_final,
        devices={name: EnergiesModel(now=dict(own.now), final=dict(own.final)) for name, own in truth.devices.items()},
    )


@router.post("/{plant_id}/events", status_code=201)
async def add(world: World, plant_id: str, wanted: NewEvent) -> dict[str, Any]:
    """Let something happen to a plant: a gap, a fault, a migration; numbers, status and logs follow."""
    world.happenings.carry_out(_action(plant_id, wanted, world.clock.now()))
    return plant_model(plant_named(world.estate, plant_id))


def _action(plant_id: str, wanted: NewEvent, now: datetime) -> act.Action:
    match KINDS.get(wanted.kind, wanted.kind):
        case "migration":
            if wanted.to is None:
                raise HTTPException(422, 'a migration needs "to", the id on ennexOS')
            return act.Migrate(plant_id=plant_id, to=wanted.to)
        case "end":
            return act.EndEvents(plant_id=plant_id, device_id=wanted.device)
        case kind if kind in tuple(EventKind):
            return _event(plant_id, wanted, kind, now)
    raise HTTPException(422, f"kind: {wanted.kind[:100]!r} is unknown{nearest(wanted.kind, WORDS)}")


def _event(plant_id: str, wanted: NewEvent, kind: str, now: datetime) -> act.StartEvent:
    more = wanted.model_extra or {}
    try:
        doc = EventDoc.model_validate({"start": now, **more, "kind": kind, "device": wanted.device})
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()]
        raise HTTPException(422, "; ".join(lines)) from None
    # Without a start of its own an event begins when it is carried out.
    facts = doc.model_dump(exclude=set(KEYS) if "start" in more else {*KEYS, "start"})
    facts = {ATTRIBUTES.get(name, name): value for name, value in facts.items()}
    source = read_mapping({})
    repeat = repeat_of(source, (), doc)
    source.check()
    return act.StartEvent(plant_id=plant_id, duration=wanted.duration, repeat=repeat, **facts)
