"""Plants (contract: MONITORING 1, 2.1 to 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.instruments import plant_capabilities, plant_sets
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.explain.hidden import note_view
from mock_sma.sandbox.monitoring.access import permitted, plant_of
from mock_sma.sandbox.monitoring.health import plant_status
from mock_sma.sandbox.wire.measurements import sets_body
from mock_sma.sandbox.wire.models import plants as bodies
from mock_sma.sandbox.wire.plants import plant_item, plant_ref

if TYPE_CHECKING:
    from mock_sma.sandbox.operation import Call


def list_plants(call: Call) -> Answer:
    """Answer ``GET /v1/plants``: all that any consent opens; none is an empty list, never an error (R12)."""
    query = call.query
    wanted = query.get("Filter")
    flags = {name: query.flag(name) for name in ("WithStatus", "WithInstallation", "WithLocation")}
    allowed = permitted(call)
    note_view(call, allowed)
    items = [
        plant_item(
            plant,
            status=plant_status(plant, call.now) if flags["WithStatus"] else None,
            with_installation=flags["WithInstallation"],
            with_location=flags["WithLocation"],
        )
        for plant in allowed.plants
        if wanted is None or wanted.casefold() in plant.name.casefold()
    ]
    if allowed.plants and not items:
        call.note("empty", text=f"the list is empty: no name holds the Filter {str(wanted)[:60]!r}")
    return Answer(orjson.dumps({"plants": items}))


def one_plant(call: Call) -> Answer:
    """Answer ``GET /v1/plants/{plantId}``."""
    return Answer(orjson.dumps(plant_ref(plant_of(call))))


def installation(call: Call) -> Answer:
    """Answer ``GET …/installation``."""
    return Answer(orjson.dumps(bodies.PlantInstallationBody.of(plant_of(call))))


def location(call: Call) -> Answer:
    """Answer ``GET …/location``."""
    return Answer(orjson.dumps(bodies.PlantLocationBody.of(plant_of(call))))


def status(call: Call) -> Answer:
    """Answer ``GET …/status``."""
    plant = plant_of(call)
    return Answer(orjson.dumps(bodies.PlantStatusBody.of(plant, plant_status(plant, call.now))))


def capabilities(call: Call) -> Answer:
    """Answer ``GET …/capabilities``."""
    plant = plant_of(call)
    return Answer(orjson.dumps(bodies.PlantCapabilitiesBody.of(plant, list(plant_capabilities(plant)))))


def list_plant_sets(call: Call) -> Answer:
    """Answer ``GET …/measurements/sets`` of a plant (R24, R33)."""
    plant = plant_of(call)
    names = plant_sets(plant)
    if not names:
        call.note("empty", text=f"the list is empty: plant {plant.id} has no instruments for any set (R33)")
    return Answer(sets_body(plant, None, names))
