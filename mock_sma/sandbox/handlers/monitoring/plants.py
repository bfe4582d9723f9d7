"""Plants: the list, and what is asked of one (R12, R18)."""

from __future__ import annotations

from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

import orjson

from mock_sma.domain.health import plant_status
from mock_sma.domain.instruments import plant_capabilities, served_sets
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.monitoring.access import note_view, permitted, plant_of
from mock_sma.sandbox.wire import plants as wire
from mock_sma.sandbox.wire.measurements import sets_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_sma.domain.plant import Plant
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
    body = call.world.simulators.body(key, make) if shown else NOTHING
    if allowed.plants and body == NOTHING:
        call.note("empty", text=f"the list is empty: no name holds the Filter {str(wanted)[:60]!r}")
    return Answer(body)


@cache
def telling(body: Callable[[Plant], Mapping[str, Any]]) -> Callable[[Call], Answer]:
    """Return the handler of an operation that answers what follows from a plant alone.

    Args:
        body: returns what is sent for a plant.
    """

    def handler(call: Call) -> Answer:
        return Answer(orjson.dumps(body(plant_of(call))))

    return handler


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
