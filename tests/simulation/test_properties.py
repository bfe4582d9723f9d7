"""What holds for any plant, place, zone, date and seed (docs/simulation.md; docs/decisions.md, Numbers)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mock_sma.domain.device import Array, DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Load, LoadKind, Plant
from mock_sma.simulation.block import CHARGE, DISCHARGE, FEED, GRID, close_days
from mock_sma.simulation.generator import Generator
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.slots import Days
from mock_sma.simulation.visibility import Visibility, settled
from tests.examples import examples
from tests.simulation_helpers import HOUSE, LATER, ask, consumption, device, inverter, pack, rows_of

pytestmark = pytest.mark.slow

BEGIN = date(2023, 3, 1)
ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"),
    *("America/St_Johns", "Asia/Kathmandu", "Africa/Nairobi", "America/Santiago"),
)
METER = ""
"""A plant without a meter among its devices: what its gateway counts."""
METERED = ("pvGeneration", "batteryCharging", "batteryDischarging", "gridFeedIn", "gridConsumption")

arrays = st.builds(
    Array,
    peak_power=st.integers(500, 60_000).map(float),
    azimuth=st.integers(0, 359).map(float),
    tilt=st.integers(0, 90).map(float),
)
seeds = st.integers(0, 2**64 - 1)
dates = st.dates(BEGIN + timedelta(days=1), date(2025, 12, 29))


@st.composite
def event_lists(draw: st.DrawFn) -> tuple[PlantEvent, ...]:
    events = []
    for kind in draw(st.lists(st.sampled_from(sorted(EventKind)), max_size=3)):
        start = datetime(2023, 3, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 1_400_000)))
        end = start + timedelta(minutes=draw(st.integers(1, 20_000)))
        value = {
            EventKind.FEED_IN_LIMIT: 2_000.0,
            EventKind.FIRST_READING_SPIKE: 165_763.0,
        }.get(kind, draw(st.sampled_from([None, 0.2, 0.9])))
        owner = draw(st.sampled_from([None, "101", "103"]))
        arrives = end + timedelta(days=1) if kind is EventKind.LATE_DATA else None
        events.append(PlantEvent(kind=kind, start=start, end=end, device_id=owner, value=value, arrives=arrives))
    return tuple(events)


@st.composite
def plants(draw: st.DrawFn, *, events: bool = False) -> Plant:
    devices: list[Any] = [
        inverter(
            str(101 + number), draw(st.integers(1_000, 30_000)) * 1.0, *draw(st.lists(arrays, min_size=1, max_size=3))
        )
        for number in range(draw(st.integers(1, 2)))
    ]
    if draw(st.booleans()):
        devices.append(device("103", DeviceKind.BATTERY_INVERTER, battery=pack(draw(st.integers(1_000, 40_000)) * 1.0)))
    for number, kind in enumerate((DeviceKind.EV_CHARGER, DeviceKind.CONSUMER, DeviceKind.CHP, DeviceKind.HYDRO)):
        if draw(st.booleans()):
            devices.append(device(str(110 + number), kind))
    return Plant(
        id="100",
        name="Any",
        timezone=draw(st.sampled_from(ZONES)),
        latitude=draw(st.floats(-90.0, 90.0)),
        longitude=draw(st.floats(-180.0, 180.0)),
        elevation=draw(st.floats(0.0, 3_000.0)),
        commissioned=BEGIN,
        resolution=draw(st.sampled_from([5, 15, 60])),
        load=Load(kind=draw(st.sampled_from(list(LoadKind)))),
        devices=tuple(devices),
        events=draw(event_lists()) if events else (),
    )


WITHOUT_SHRINKING = (Phase.explicit, Phase.generate)
"""Shrinking a plant takes minutes, and the smallest one tells no more."""

quick = examples(20, phases=WITHOUT_SHRINKING)


@quick
@given(plant=plants(events=True), seed=seeds, on=dates)
def test_every_slot_balances(plant: Plant, seed: int, on: date) -> None:
    generator = Generator(plant, seed)
    block = generator.block(on, 2)
    flows = block.metered
    assert all((values >= 0).all() for values in flows.values())
    into, out = (sum((v for (k, _), v in flows.items() if k == kind), np.int64(0)) for kind in (CHARGE, DISCHARGE))
    assert not (np.minimum(into, out) > 0).any()
    assert (np.minimum(flows[FEED, METER], flows[GRID, METER]) >= 0).all()
    # What is left for consumption is never less than nothing, but for the fractions of a Wh that close a day.
    assert consumption(block).min(initial=0) > -1_000 * len(flows)
    for held in generator.bank.packs:
        stored = block.stored[held.device.id]
        assert ((stored >= 0) & (stored <= held.capacity)).all()


@quick
@given(plant=plants(events=True), seed=seeds, on=dates)
def test_rows_balance_and_every_identity_holds(plant: Plant, seed: int, on: date) -> None:
    for row in rows_of(ask(PlantSimulator(plant, seed), "EnergyBalance", on)):
        value = {name: round(item * 1_000) for name, item in row.items() if isinstance(item, float)}
        charge, discharge = value.get("batteryCharging", 0), value.get("batteryDischarging", 0)
        assert value["directConsumption"] == value["totalGeneration"] - value["gridFeedIn"] - charge
        assert value["selfSupply"] == value["directConsumption"] + discharge
        assert value["selfConsumption"] == value["directConsumption"] + charge
        assert value["totalConsumption"] == value["selfSupply"] + value["gridConsumption"]
        further = ("pvGeneration", "dieselGeneration", "combinedHeatAndPowerGeneration", "hydroGeneration")
        assert value["totalGeneration"] == sum(value.get(name, 0) for name in further)
        assert 0 <= value.get("batteryStateOfCharge", 0) <= 100_000
        for name in ("autarkyRate", "selfConsumptionRate"):
            assert row.get(name) is None or 0.0 <= row[name] <= 1.0


@settings(max_examples=12, derandomize=True, phases=WITHOUT_SHRINKING)
@given(plant=plants(events=True), seed=seeds, month=st.integers(1, 12))
def test_rows_days_months_years_and_total_are_the_same_sums(plant: Plant, seed: int, month: int) -> None:
    simulator, first = PlantSimulator(plant, seed), date(2024, month, 1)
    monthly = ask(simulator, "EnergyBalance", Span(Period.MONTH, first))
    yearly = ask(simulator, "EnergyBalance", Span(Period.YEAR, first))
    total = ask(simulator, "EnergyBalance", Span(Period.TOTAL))
    for name in (item for item in METERED if item in total.columns):
        by_day = (
            dict(zip(monthly.stamps, monthly.columns.get(name, []), strict=True)) if name in monthly.columns else {}
        )
        for number in (0, 13, 27):
            on = first + timedelta(days=number)
            rows = ask(simulator, "EnergyBalance", on, energy=True).columns.get(name, [])
            assert sum(v or 0.0 for v in rows) == by_day.get(f"{on}T00:00:00", 0.0)
        by_month = dict(zip(yearly.stamps, yearly.columns.get(name, []), strict=True)) if name in yearly.columns else {}
        assert sum(v or 0.0 for v in by_day.values()) == by_month.get(f"{first}T00:00:00", 0.0)
        by_year = dict(zip(total.stamps, total.columns[name], strict=True))
        assert sum(v or 0.0 for v in by_month.values()) == by_year.get("2024-01-01T00:00:00", 0.0)


@quick
@given(plant=plants(), seed=seeds, on=dates, energy=st.booleans())
def test_devices_add_up_to_the_plant(plant: Plant, seed: int, on: date, energy: bool) -> None:
    simulator = PlantSimulator(plant, seed)
    whole = ask(simulator, "EnergyBalance", on, energy=energy)
    sums: dict[str, float] = dict.fromkeys(whole.stamps, 0.0)
    for item in plant.devices:
        if item.generates_pv:
            table = ask(simulator, "EnergyAndPowerPv", on, item.id, energy=energy)
            for stamp, value in zip(table.stamps, table.columns.get("pvGeneration", []), strict=True):
                sums[stamp] += value or 0.0
    if len(sums) == len(whole.stamps):  # the repeated hour of an autumn day has one key for two rows
        shown = dict(zip(whole.stamps, whole.columns.get("pvGeneration", []), strict=True))
        assert {s: round(v, 3) for s, v in sums.items()} == {s: round(v or 0.0, 3) for s, v in shown.items()}


@quick
@given(plant=plants(), seed=seeds, on=dates)
def test_equal_inverters_beside_one_another_give_nearly_and_never_quite_the_same(
    plant: Plant, seed: int, on: date
) -> None:
    twins = replace(plant, devices=tuple(inverter(name, 5_000.0, Array(peak_power=5_000.0)) for name in ("101", "102")))
    simulator = PlantSimulator(twins, seed)
    span = Span(Period.YEAR, date(on.year, 1, 1))
    first, second = (
        ask(simulator, "EnergyAndPowerPv", span, item.id).columns["pvGeneration"] for item in twins.devices
    )
    assert first != second
    assert sum(second) * 0.97 < sum(first) < sum(second) * 1.03


@quick
@given(plant=plants(), seed=seeds, on=dates, begin=st.integers(0, 23), hours=st.integers(1, 60))
def test_devices_add_up_to_the_plant_over_a_silence_that_ends_by_day_or_night(
    plant: Plant, seed: int, on: date, begin: int, hours: int
) -> None:
    start = datetime(on.year, on.month, on.day, begin, tzinfo=UTC)
    silence = PlantEvent(kind=EventKind.GAP, start=start, end=start + timedelta(hours=hours))
    simulator = PlantSimulator(replace(plant, events=(silence,)), seed)
    owners = [item.id for item in plant.devices if item.generates_pv]
    days = [on + timedelta(days=number) for number in range(-1, 5)]
    whole = sum(sum(ask(simulator, "EnergyBalance", day, energy=True).columns.get("pvGeneration", [])) for day in days)
    rows = [ask(simulator, "EnergyAndPowerPv", day, name, energy=True) for day in days for name in (*owners, None)]
    by_owner = [sum(table.columns.get("pvGeneration", [])) for table in rows]
    assert sum(by_owner[len(owners) :: len(owners) + 1]) == whole, "the plant's own PV set has what its balance has"
    assert sum(by_owner) == 2 * whole, "and so have its devices"


@quick
@given(plant=plants(events=True), seed=seeds, on=dates)
def test_r23_watts_by_their_timestamps_are_the_energies_within_one_watt_hour(plant: Plant, seed: int, on: date) -> None:
    quiet = replace(plant, events=tuple(e for e in plant.events if e.kind is not EventKind.FIRST_READING_SPIKE))
    simulator = PlantSimulator(quiet, seed)
    power, energy = (ask(simulator, "EnergyBalance", on, energy=flag) for flag in (False, True))
    ends = [datetime.fromisoformat(stamp) for stamp in power.stamps]
    gaps = [(b - a).total_seconds() for a, b in pairwise(ends)]
    # Where the clock is set, naive stamps do not tell how long a row lasted.
    if any(gap <= 0 or (gap > 3_600 and not plant.events) for gap in gaps):
        return
    for name in ("gridFeedIn", "gridConsumption", "pvGeneration"):
        if name not in power.columns or len(ends) < 2:
            continue
        counters = sum(item.generates_pv for item in plant.devices) if name == "pvGeneration" else 1
        watts, counted = power.columns[name], energy.columns[name]
        away = 0.0
        for index, gap in enumerate(gaps, 1):
            away += (watts[index] or 0.0) * gap / 3_600.0 - (counted[index] or 0.0)
            assert abs(away) <= counters + 0.01


@quick
@given(seed=seeds, on=dates, capacity=st.integers(500, 60_000), ahead=st.integers(1, 40))
def test_the_battery_goes_on_at_midnight_as_it_stood(seed: int, on: date, capacity: int, ahead: int) -> None:
    plant = replace(
        HOUSE, devices=(*HOUSE.devices[:2], device("103", DeviceKind.BATTERY_INVERTER, battery=pack(float(capacity))))
    )
    first, later = on, min(on + timedelta(days=ahead), date(2026, 1, 1))
    whole = Generator(plant, seed).block(first, (later - first).days + 1)
    alone = Generator(plant, seed).block(later, 1)
    count = len(alone.days.slots)
    assert (whole.stored["103"][-count:] == alone.stored["103"]).all()
    assert (whole.metered[CHARGE, "103"][-count:] == alone.metered[CHARGE, "103"]).all()


@quick
@given(plant=plants(events=True), seed=seeds, on=dates, minute=st.integers(0, 1_439))
def test_r20_nothing_after_now_and_nothing_changes_later(plant: Plant, seed: int, on: date, minute: int) -> None:
    simulator = PlantSimulator(plant, seed)
    step = plant.resolution * 60
    moment = int(datetime(on.year, on.month, on.day, tzinfo=simulator.zone).timestamp()) + minute * 60
    seen = Visibility(moment // step * step)
    now, later = (rows_of(ask(simulator, "EnergyBalance", on, seen=item)) for item in (seen, Visibility(LATER.until)))
    limit = datetime.fromtimestamp(seen.until, simulator.zone).replace(tzinfo=None).isoformat()
    assert all(row["time"] <= limit for row in now) or len({r["time"] for r in later}) < len(later)
    strip = [{name: value for name, value in row.items() if value is not None} for row in now]
    assert strip == [{name: value for name, value in row.items() if value is not None} for row in later[: len(now)]]


@settings(max_examples=12, derandomize=True, phases=WITHOUT_SHRINKING)
@given(plant=plants(events=True), seed=seeds, order=st.permutations(range(6)), on=dates)
def test_the_order_of_asking_changes_nothing(plant: Plant, seed: int, order: list[int], on: date) -> None:
    spans = [
        Span(Period.DAY, on),
        Span(Period.DAY, on - timedelta(days=1)),
        Span(Period.WEEK, on),
        Span(Period.MONTH, on.replace(day=1)),
        Span(Period.YEAR, on.replace(month=1, day=1)),
        Span(Period.RECENT),
    ]
    simulator = PlantSimulator(plant, seed)
    asked = {number: ask(simulator, "EnergyBalance", spans[number]) for number in order}
    for number, span in enumerate(spans):
        assert ask(PlantSimulator(plant, seed), "EnergyBalance", span) == asked[number]


@quick
@given(
    plant=plants(events=True),
    seed=seeds,
    on=dates,
    period=st.sampled_from([Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR]),
)
def test_what_comes_after_a_span_changes_nothing_in_it(plant: Plant, seed: int, on: date, period: Period) -> None:
    first = {Period.MONTH: on.replace(day=1), Period.YEAR: on.replace(month=1, day=1)}.get(period, on)
    span = Span(period, first)
    simulator = PlantSimulator(plant, seed)
    assert ask(simulator, "EnergyBalance", span) == ask(
        simulator, "EnergyBalance", span, seen=settled(plant, span, LATER)
    )


@quick
@given(
    values=st.lists(st.integers(0, 3_000), min_size=576, max_size=576),
    lengths=st.sampled_from([(288, 288), (276, 300), (0, 576), (282, 294)]),
)
def test_days_close_on_whole_watt_hours_and_take_from_no_slot_more_than_it_has(
    values: list[int], lengths: tuple[int, int]
) -> None:
    days = Days(date(2024, 1, 1), np.array([0, lengths[0], 576], dtype=np.int64))
    for scale in (1, 300):
        before = np.array(values, dtype=np.int64) // scale
        after = close_days(before.copy(), days)
        for low, high in ((0, lengths[0]), (lengths[0], 576)):
            assert after[low:high].sum() == before[low:high].sum() // 1_000 * 1_000
        assert ((after >= 0) & (after <= before)).all()
