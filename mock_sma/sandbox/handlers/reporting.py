"""BasicReporting: the plants, and PvGeneration of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.catalogue import BASIC_REPORTING_SETS
from mock_sma.domain.period import Period
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.monitoring.access import note_view, permitted, plant_of
from mock_sma.sandbox.handlers.monitoring.measurements import Measurable, measure, query_of
from mock_sma.sandbox.wire.plants import plant_ref, plants_body

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call

BASIC_REPORTING = Measurable(
    "basicreporting", BASIC_REPORTING_SETS, tuple(item for item in Period if item.needs_date), has_flags=False
)


def list_plants(call: Call) -> Answer:
    """Answer BasicReporting's list of plants, in which no query means anything."""
    allowed = permitted(call)
    note_view(call, allowed)
    key = ("plants", allowed.ids, call.world.estate.version, None, False, False)

    def make() -> bytes:
        return orjson.dumps(plants_body([plant_ref(plant) for plant in allowed.plants]))

    return Answer(call.world.simulators.body(key, make))


def measurements(call: Call) -> Answer:
    """Answer BasicReporting's PvGeneration of a plant: W in Day and Week, Wh in Month and Year."""
    return measure(call, plant_of(call), None, query_of(call, BASIC_REPORTING))
