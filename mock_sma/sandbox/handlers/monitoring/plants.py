"""Plants: the list, and what is asked of one (R12, R18)."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.health import plant_status
from mock_sma.domain.instruments import plant_capabilities, served_sets
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.monitoring.access import note_view, permitted, plant_of
from mock_sma.sandbox.wire import plants as wire
from mock_sma.sandbox.wire.measurements import sets_body

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call


FLAGS = ("WithStatus", "WithInstallation", "WithLocation")
NOTHING = orjson.dumps(wire.plants_body([]))


def list_plants(call: Call) -> Answer:
    """Answer ``GET /v1/plants``: all that any consent opens; none is an empty list, never an error (R12)."""
    wanted = call.query.get("Filter")
    with_status, with_installation, with_location = (call.query.flag(name) for name in FLAGS)
    allowed = permitted(call)
    note_view(call, allowed)

    shown = [plant for plant in allowed.plants if wanted is None or wanted.casefold() in plant.name.casefold()]
    statuses = tuple(plant_status(plant, call.now) for plant in shown) if with_status else None

    def make() -> bytes:
        items = [
            wire.plant_item(plant, status=status, with_installation=with_installation, with_location=with_location)
            for plant, status in zip(shown, statuses or repeat(None))  # noqa: B905 - one of them has no end
        ]
        return orjson.dumps(wire.plants_body(items))

    # A status changes with time. The rest is that of the estate, whose version is part of the key.
    key = ("plants", allowed.ids, call.world.estate.version, wanted, with_installation, with_location, statuses)
    body = call.world.simulators.body(key, make)
    if allowed.plants and body == NOTHING:
        call.note("empty", text=f"the list is empty: no name holds the Filter {str(wanted)[:60]!r}")
    return Answer(body)


def one_plant(call: Call) -> Answer:
    """Answer ``GET /v1/plants/{plantId}``."""
    return Answer(orjson.dumps(wire.plant_ref(plant_of(call))))


def installation(call: Call) -> Answer:
    """Answer ``GET …/installation``."""
    return Answer(orjson.dumps(wire.installation_body(plant_of(call))))


def location(call: Call) -> Answer:
    """Answer ``GET …/location``."""
    return Answer(orjson.dumps(wire.location_body(plant_of(call))))


def status(call: Call) -> Answer:
    """Answer ``GET …/status``."""
    plant = plant_of(call)
    return Answer(orjson.dumps(wire.status_body(plant, plant_status(plant, call.now))))


def capabilities(call: Call) -> Answer:
    """Answer ``GET …/capabilities``."""
    plant = plant_of(call)
    return Answer(orjson.dumps(wire.capabilities_body(plant, list(plant_capabilities(plant)))))


def list_plant_sets(call: Call) -> Answer:
    """Answer ``GET …/measurements/sets`` of a plant (R24, R33)."""
    plant = plant_of(call)
    names = served_sets(plant, call.world.scenario.profile)
    if not names:
        call.note("empty", text=f"the list is empty: plant {plant.id} has no instruments for any set (R33)")
    return Answer(sets_body(plant, None, names))
