"""An event is refused exactly where it changes no number: every kind, on every kind of device."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from mock_sma.domain.device import DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.plant import Load
from mock_sma.mistakes.misfits import misfits_of, never_there
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE, JUNE, ask, at, device, event, rows_of, with_events

REST = [kind for kind in DeviceKind if kind not in {item.kind for item in HOUSE.devices}]
# All of them work on that day, and so much is used that the batteries are not full at all times.
YEARLY = {
    DeviceKind.EV_CHARGER: 9_000_000.0,
    DeviceKind.DIESEL_GENERATOR: 2_000_000.0,
    DeviceKind.HYDRO: 50_000.0,
}
PLANT = replace(
    HOUSE,
    load=Load(annual_energy=60_000_000.0),
    devices=(
        *(replace(item, annual_energy=YEARLY.get(item.kind)) for item in HOUSE.devices),
        *(device(str(200 + number), kind, annual_energy=YEARLY.get(kind)) for number, kind in enumerate(REST)),
    ),
)
VALUES = {
    EventKind.FIRST_READING_SPIKE: 8_000.0,
    EventKind.COUNTER_RESTART: 8_000.0,
    EventKind.DERATING: 0.1,
    EventKind.SNOW: 0.5,
}
ON_DEVICES = [
    kind
    for kind in EventKind
    # No numbers; no device; and what a value event fits is a matter of its set and property: test_value_events.py.
    if kind not in {EventKind.MESSAGE, EventKind.GRID_OUTAGE, EventKind.FEED_IN_LIMIT, EventKind.VALUE}
]


def numbers(events: tuple[PlantEvent, ...]) -> dict[str, object]:
    simulator = PlantSimulator(with_events(PLANT, *events), 4)
    found: dict[str, object] = {name: rows_of(ask(simulator, name, energy=True)) for name in plant_sets(PLANT)}
    for item in PLANT.devices:
        for name in device_sets(PLANT, item):
            found[f"{item.id} {name}"] = rows_of(ask(simulator, name, JUNE, item.id, energy=True))
    return found


@cache
def plain() -> dict[str, object]:
    return numbers(())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ON_DEVICES)
def test_an_event_is_refused_where_it_changes_no_number(kind: EventKind) -> None:
    late = {"arrives": at(24 * 900)} if kind is EventKind.LATE_DATA else {}
    for item in PLANT.devices:
        value = 1.0 if kind is EventKind.MISSING_ROWS else VALUES.get(kind)
        happens = event(kind, at(0), at(24), device_id=item.id, value=value, **late)
        told = list(misfits_of(PLANT, happens))
        assert (numbers((happens,)) == plain()) == bool(told), (item.kind, told)
        assert all(key == "device" and item.id in text and "; name " in text for key, text in told)


@pytest.mark.parametrize("kind", [EventKind.GRID_OUTAGE, EventKind.FEED_IN_LIMIT])
def test_what_happens_to_the_whole_plant_has_no_device(kind: EventKind) -> None:
    assert list(misfits_of(PLANT, event(kind, at(6), device_id="101", value=0.0)))
    assert not list(misfits_of(PLANT, event(kind, at(6), value=0.0)))


@pytest.mark.parametrize("kind", [EventKind.SNOW, EventKind.DEVICE_FAULT])
def test_a_plant_without_a_fitting_device_refuses_what_happens_to_all_of_them(kind: EventKind) -> None:
    measuring = replace(HOUSE, devices=tuple(item for item in HOUSE.devices if item.id in ("104", "106")))
    assert [key for key, _ in misfits_of(measuring, event(kind, at(6)))] == ["kind"]
    assert not list(misfits_of(measuring, event(EventKind.GAP, at(6))))
    told = [text for _, text in misfits_of(measuring, event(EventKind.SNOW, at(6), device_id="106"))]
    why = "'snow' cannot act on device 106, a sensor without modules; the plant has no device that it could act on"
    assert told == [why]


def test_an_event_before_or_after_its_devices_days_is_told() -> None:
    moment = datetime(2024, 6, 3, 12, tzinfo=UTC)
    old, new = (replace(HOUSE.devices[0], **facts) for facts in ({"deactivated_at": moment}, {"activated_at": moment}))
    day = timedelta(days=1)
    fault = event(EventKind.DEVICE_FAULT, moment, moment + day, device_id="101")
    before = replace(fault, start=moment - day, end=moment)
    assert never_there(replace(HOUSE, devices=(old,)), fault) is not None
    assert never_there(replace(HOUSE, devices=(old,)), before) is None
    assert never_there(replace(HOUSE, devices=(new,)), before) is not None
    assert never_there(replace(HOUSE, devices=(new,)), fault) is None
    assert never_there(HOUSE, replace(fault, device_id=None)) is None
