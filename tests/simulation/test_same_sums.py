"""Day = Week = Month = Year = Total: over templates, kinds, lives, silences, zones, clock changes and month starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mock_sma.domain.catalogue import ALL_SETS, Nature
from mock_sma.domain.device import Charging, Device, DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.instruments import device_sets
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Load, Plant
from mock_sma.scenario_file.templates import BUILT_IN
from mock_sma.scenarios import parse_scenario
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility
from tests.simulation_helpers import EAST_WEST, HYBRID, ask, device, inverter, pack

pytestmark = pytest.mark.slow

SEEN = Visibility(int(datetime(2026, 1, 20, 9, tzinfo=UTC).timestamp()))
BEGIN = date(2024, 12, 20)
TURNS = {  # days on which the clock changes, or a date was skipped
    "Europe/Berlin": (date(2025, 3, 30), date(2025, 10, 26)),
    "America/New_York": (date(2025, 3, 9), date(2025, 11, 2)),
    "Australia/Lord_Howe": (date(2025, 4, 6), date(2025, 10, 5)),
    "America/Santiago": (date(2025, 4, 5), date(2025, 9, 6)),
    "Asia/Kolkata": (date(2025, 5, 31), date(2025, 12, 31)),
}
ENERGY_SETS = tuple(item for item in ALL_SETS.values() if item.has_energy and item.name != "PvGeneration")


@cache
def template(name: str) -> Plant:
    text = f"plants: [{{id: 100, name: P, template: {name}, commissioned: {BEGIN}, owner: o@example.org}}]"
    return parse_scenario(f"profile: production-2020\nusers: [{{email: o@example.org, country: DE}}]\n{text}").plants[0]


MANY = Plant(
    id="100",
    name="Many",
    commissioned=BEGIN,
    devices=(
        inverter("101", 6_000.0, *EAST_WEST),
        replace(HYBRID, id="102"),
        device("103", DeviceKind.BATTERY_INVERTER, battery=pack()),
        device("104", DeviceKind.GRID_METER),
        device("105", DeviceKind.EV_CHARGER),
        device("106", DeviceKind.CONSUMER),
        device("107", DeviceKind.HYDRO),
        device("108", DeviceKind.GRID_METER),
        device("109", DeviceKind.EV_CHARGER, charging=Charging.SURPLUS),
    ),
    load=Load(heat_pump=4_000_000.0, holidays="DE"),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[PlantSimulator, date]:
    """Return a plant whose devices come, go and fall silent around a day."""
    zone = draw(st.sampled_from(sorted(TURNS)))
    on = draw(st.sampled_from([*TURNS[zone], date(2025, 6, 1), date(2025, 2, 28)])) + timedelta(draw(st.integers(0, 1)))
    name = draw(st.sampled_from([None, *BUILT_IN]))
    plant = replace(
        MANY if name is None else template(name), timezone=zone, resolution=draw(st.sampled_from([5, 15, 60]))
    )
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    moments = st.integers(-60, 40).map(lambda hours: noon + timedelta(hours=hours, minutes=5))
    if name is None or draw(st.booleans()):
        devices = tuple(
            _living(item, draw(st.sampled_from(["", "", "came", "went"])), draw(moments)) for item in plant.devices
        )
        plant = replace(plant, devices=devices)
    events = []
    for kind in draw(
        st.lists(st.sampled_from([EventKind.GAP, EventKind.MISSING_ROWS, EventKind.LATE_DATA]), max_size=3)
    ):
        start = draw(moments)
        owner = draw(st.sampled_from([None, *(item.id for item in plant.devices)]))
        end = start + timedelta(hours=draw(st.integers(1, 60)))
        events.append(PlantEvent(kind=kind, start=start, end=end, device_id=owner, arrives=end + timedelta(days=9)))
    holes = draw(st.sampled_from([0.0, 0.0, 0.02]))
    return PlantSimulator(replace(plant, events=tuple(events), missing_rows=holes), draw(st.integers(0, 2**32))), on


def _living(item: Device, what: str, at: datetime) -> Device:
    if what == "came":
        return replace(item, activated_at=at)
    return replace(item, deactivated_at=at, is_active=False) if what == "went" else item


def series(simulator: PlantSimulator, name: str, span: Span, owner: str | None) -> dict[str, dict[str, Any]]:
    """Return energies by property and stamp [Wh]; the repeated hour's rows are numbered."""
    table = ask(simulator, name, span, owner, energy=True, seen=SEEN)
    natures = {item.name: item.nature for item in ALL_SETS[name.lower()].properties}
    keys: list[str] = []
    for stamp in table.stamps:
        keys.append(stamp if stamp not in keys else stamp + "'")
    found = {
        key: dict(zip(keys, cells, strict=True))
        for key, cells in table.columns.items()
        if natures[key] is Nature.ENERGY
    }
    for key, lists in table.indexed.items():
        if natures[key] is Nature.ENERGY:
            found[key] = dict(zip(keys, [sum(value for _, value in cell) for cell in lists], strict=True))
    return found


def total(cells: dict[str, float | None]) -> float:
    return sum(value or 0.0 for value in cells.values())


METERED = {
    *("pvGeneration", "batteryCharging", "batteryDischarging", "gridFeedIn", "gridConsumption"),
    *("dieselGeneration", "combinedHeatAndPowerGeneration", "hydroGeneration", "consumption", "dcEnergyInput"),
}
"""What instruments count; the rest is worked out of it in each row."""


def check(simulator: PlantSimulator, name: str, owner: str | None, on: date) -> None:
    days = [on + timedelta(number) for number in range(-2, 5)]
    fine = {day: series(simulator, name, Span(Period.DAY, day), owner) for day in days}
    week = series(simulator, name, Span(Period.WEEK, days[0]), owner)
    months = {day: series(simulator, name, Span(Period.MONTH, day.replace(day=1)), owner) for day in days}
    year = series(simulator, name, Span(Period.YEAR, date(on.year, 1, 1)), owner)
    whole = series(simulator, name, Span(Period.TOTAL), owner)
    for key in {item for found in (*fine.values(), week, *months.values()) for item in found}:
        rows: dict[str, float] = {}
        for day in days:
            rows |= {stamp: value for stamp, value in fine[day].get(key, {}).items() if value is not None}
        assert rows == {stamp: value for stamp, value in week.get(key, {}).items() if value is not None}, (key, "week")
        if key not in METERED:
            continue
        for day in days:
            by_day = months[day].get(key, {})
            assert total(fine[day].get(key, {})) == (by_day.get(f"{day}T00:00:00") or 0.0), (key, day)
    for key in METERED & {*year, *whole}:
        sums = {f"{on.year}-{number:02}-01T00:00:00": 0.0 for number in range(1, 13)} | year.get(key, {})
        for day in days:
            stamp = f"{day.replace(day=1)}T00:00:00"
            if day.year == on.year:
                assert (sums.get(stamp) or 0.0) == total(months[day].get(key, {})), (key, stamp)
        assert total(year.get(key, {})) == (whole.get(key, {}).get(f"{on.year}-01-01T00:00:00") or 0.0), key


@settings(max_examples=14, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(world=worlds(), data=st.data())
def test_day_week_month_year_and_total_are_the_same_sums(
    world: tuple[PlantSimulator, date], data: st.DataObject
) -> None:
    simulator, on = world
    plant = simulator.plant
    questions: list[tuple[str, str | None]] = [("EnergyBalance", None), ("EnergyAndPowerPv", None)]
    names = {item.name for item in ENERGY_SETS} - {"EnergyMix"}
    questions += [(name, item.id) for item in plant.devices for name in device_sets(plant, item) if name in names]
    for name, owner in data.draw(st.permutations(questions))[:5]:
        check(simulator, name, owner, on)


@settings(max_examples=14, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(world=worlds())
def test_devices_add_up_to_what_their_plant_knows(world: tuple[PlantSimulator, date]) -> None:
    simulator, on = world
    plant = simulator.plant
    month = Span(Period.MONTH, on.replace(day=1))
    for span in (Span(Period.DAY, on), month):
        for kind, name, key in (
            ("generates_pv", "EnergyAndPowerPv", "pvGeneration"),
            ("battery", "EnergyAndPowerBattery", "batteryCharging"),
        ):
            plants = "EnergyBalance" if plant.measures_grid else "EnergyAndPowerPv"
            whole = series(simulator, plants, span, None)
            parts = [
                total(series(simulator, name, span, item.id).get(key, {}))
                for item in plant.devices
                if getattr(item, kind)
            ]
            assert sum(parts) == total(whole.get(key, {}))


def test_a_car_that_charged_beyond_midnight_of_a_clock_change_has_the_same_day_week_and_month() -> None:
    plant = replace(template("household-battery-ev"), timezone="Europe/Berlin")
    for seed in range(6):
        simulator = PlantSimulator(plant, seed)
        charger = next(item.id for item in plant.devices if item.kind is DeviceKind.EV_CHARGER)
        month = series(simulator, "EnergyAndPowerConsumption", Span(Period.MONTH, date(2025, 3, 1)), charger)
        for day in (date(2025, 3, 30), date(2025, 3, 31)):
            rows = series(simulator, "EnergyAndPowerConsumption", Span(Period.DAY, day), charger)
            assert total(rows["consumption"]) == month["consumption"][f"{day}T00:00:00"]


def test_r22_a_migrated_plant_keeps_the_quarters_of_its_past() -> None:
    moved = datetime(2025, 6, 10, 13, 7, tzinfo=ZoneInfo("Europe/Berlin"))
    plant = replace(template("household"), migrated_at=moved, earlier_resolution=15, previous_ids=(("0" * 8, "100"),))
    simulator = PlantSimulator(plant, 7)
    before, day, after = (ask(simulator, "EnergyBalance", date(2025, 6, number), seen=SEEN) for number in (9, 10, 11))
    assert [(table.resolution, len(table.stamps)) for table in (before, day, after)] == [
        ("FifteenMinutes", 96),
        ("FiveMinutes", 52 + 131),
        ("FiveMinutes", 288),
    ]
    plain = PlantSimulator(replace(plant, earlier_resolution=None, migrated_at=None), 7)
    energy = [series(item, "EnergyBalance", Span(Period.DAY, date(2025, 6, 10)), None) for item in (simulator, plain)]
    assert total(energy[0]["gridFeedIn"]) == total(energy[1]["gridFeedIn"])
    noon = Visibility(int(moved.timestamp()) // 300 * 300)
    seen = ask(simulator, "EnergyBalance", date(2025, 6, 10), seen=noon).stamps
    assert seen == ask(simulator, "EnergyBalance", date(2025, 6, 10), seen=SEEN).stamps[: len(seen)]
