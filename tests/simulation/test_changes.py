"""A change of a plant leaves the rows before it as they were, and Day = Week = Month = Year = Total beyond it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.device import Array, Device, DeviceKind
from mock_sma.domain.earlier import with_past
from mock_sma.domain.instruments import device_sets, plant_sets, with_devices
from mock_sma.domain.plant import Load, Normals, Plant
from mock_sma.scenario_file.templates import BUILT_IN
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility
from tests.simulation.test_same_sums import MANY, TURNS, check, template
from tests.simulation_helpers import ask, device, inverter, pack

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("MOCK_SMA_TEST_CHANGES", "2"))
BY_HAND = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))


def of_devices(plant: Plant, change: Any) -> Plant:
    return with_devices(plant, tuple(change(item) for item in plant.devices))


def smaller(item: Device) -> Device:
    """Return a device with fewer modules, half a battery, another appetite."""
    return replace(
        item,
        arrays=tuple(replace(array, peak_power=array.peak_power / 3, azimuth=90.0) for array in item.arrays[:1]),
        battery=None if item.battery is None else replace(item.battery, capacity=item.battery.capacity / 2),
        annual_energy=900_000.0 if item.kind in (DeviceKind.CONSUMER, DeviceKind.EV_CHARGER) else item.annual_energy,
        generator_power=None if item.generator_power is None else item.generator_power / 2,
    )


def larger(item: Device) -> Device:
    """Return a device with a string more, and a battery of twice the size."""
    return replace(
        item,
        arrays=(*item.arrays, Array(peak_power=2_500.0, azimuth=270.0)) if item.arrays else (),
        battery=None if item.battery is None else replace(item.battery, capacity=item.battery.capacity * 2),
    )


def added(plant: Plant, at: datetime) -> Plant:
    new = (
        replace(inverter("901", 5_000.0, Array(peak_power=6_000.0)), activated_at=at),
        replace(device("902", DeviceKind.BATTERY_INVERTER, battery=pack()), activated_at=at),
        replace(device("903", DeviceKind.GRID_METER), activated_at=at),
    )
    return with_devices(
        plant, (*plant.devices, *(item for item in new if item.id not in {d.id for d in plant.devices}))
    )


def ended(plant: Plant, at: datetime) -> Plant:
    active = next((item for item in plant.devices if item.is_active), None)
    gone = {} if active is None else {active.id: replace(active, is_active=False, deactivated_at=at)}
    return replace(plant, devices=tuple(gone.get(item.id, item) for item in plant.devices))


CHANGES = {
    "smaller": lambda plant, _: of_devices(plant, smaller),
    "larger": lambda plant, _: of_devices(plant, larger),
    "load": lambda plant, _: replace(plant, load=Load(annual_energy=plant.load.annual_energy * 2, heat_pump=3e6)),
    "place": lambda plant, _: replace(plant, latitude=36.7, longitude=-4.4, climate=Normals(temperature=(20.0,) * 12)),
    "holes": lambda plant, _: replace(plant, missing_rows=0.1),
    "pace": lambda plant, _: replace(plant, resolution=15 if plant.resolution == 5 else 5),
    "added": added,
    "ended": ended,
    "left out": lambda plant, _: with_devices(plant, plant.devices[1:]),
    "unmetered": lambda plant, _: replace(plant, measures_grid=not plant.measures_grid),
}


def changed(plant: Plant, name: str, at: datetime) -> Plant:
    return with_past(plant, CHANGES[name](plant, at), at)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Plant, list[tuple[str, datetime]]]:
    """Return a plant, and what is changed of it when, on a day on which the clock changes or another one."""
    zone = draw(st.sampled_from(sorted(TURNS)))
    on = draw(st.sampled_from([*TURNS[zone], date(2025, 6, 1), date(2025, 2, 28)]))
    name = draw(st.sampled_from([None, None, *BUILT_IN]))
    plant = replace(MANY if name is None else template(name), timezone=zone, resolution=draw(st.sampled_from([5, 15])))
    hours = sorted(draw(st.lists(st.integers(-30, 40), min_size=1, max_size=3)))
    noon = datetime(on.year, on.month, on.day, 11, tzinfo=UTC)
    moments = [noon + timedelta(hours=hour, minutes=draw(st.sampled_from([0, 0, 5, 7]))) for hour in hours]
    return plant, [(draw(st.sampled_from(sorted(CHANGES))), at) for at in moments]


def everything(plant: Plant, seed: int, days: list[date], seen: Visibility, kept: Plant) -> dict[Any, Any]:
    """Return the rows of all sets that two plants have, of themselves and of their devices, as they can be seen."""
    simulator = PlantSimulator(plant, seed)
    owners = {item.id: item for item in kept.devices}
    questions = [(name, None) for name in plant_sets(plant) if name in plant_sets(kept)]
    questions += [
        (name, item.id)
        for item in plant.devices
        if item.id in owners
        for name in device_sets(plant, item)
        if name in device_sets(kept, owners[item.id])
    ]
    found = {}
    for name, owner in questions:
        for day in days:
            for energy in (False, True):
                table = ask(simulator, name, day, owner, energy=energy, seen=seen)
                names = [key for key, cells in (table.columns | table.indexed).items() if any(cells)]
                rows = [
                    (stamp, [(key, (table.columns | table.indexed)[key][number]) for key in names])
                    for number, stamp in enumerate(table.stamps)
                ]
                found[name, owner, day, energy] = rows
    return found


@BY_HAND
@given(story=changes(), seed=st.integers(0, 2**32))
def test_rows_before_a_change_stay_as_they_were(story: tuple[Plant, list[tuple[str, datetime]]], seed: int) -> None:
    plant, happens = story
    for name, at in happens:
        until = Visibility(int(at.timestamp()) // 900 * 900)
        days = [(at - timedelta(days=number)).date() for number in (0, 1, 2)]
        after = changed(plant, name, at)
        was, now = everything(plant, seed, days, until, after), everything(after, seed, days, until, plant)
        assert was.keys() == now.keys()
        for key, rows in was.items():
            assert rows == now[key], (name, at, key)
        plant = after


@BY_HAND
@given(story=changes(), seed=st.integers(0, 2**32), data=st.data())
def test_all_periods_are_the_same_sums_beyond_changes(
    story: tuple[Plant, list[tuple[str, datetime]]], seed: int, data: st.DataObject
) -> None:
    plant, happens = story
    for name, at in happens:
        plant = changed(plant, name, at)
    simulator = PlantSimulator(plant, seed)
    energies = {item.name for item in ALL_SETS.values() if item.has_energy} - {"EnergyMix", "PvGeneration"}
    questions: list[tuple[str, str | None]] = [(name, None) for name in plant_sets(plant) if name in energies]
    questions += [(name, item.id) for item in plant.devices for name in device_sets(plant, item) if name in energies]
    for name, owner in data.draw(st.permutations(questions))[:4]:
        check(simulator, name, owner, happens[0][1].date())
