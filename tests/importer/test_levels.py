"""What is fitted to recorded rows makes days like them: consumption by its season, batteries by what they did."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mock_sma.domain.device import Battery, Device, DeviceKind
from mock_sma.domain.period import Period
from mock_sma.domain.plant import Load, LoadKind
from mock_sma.importer.batteries import fitted_battery
from mock_sma.importer.consumption import Beside, Locality, fitted_consumer, fitted_consumption
from mock_sma.importer.pieces import Piece, pieces_of
from mock_sma.importer.spans import RecordedSet, RowsKind
from mock_sma.simulation.battery import steps, walk
from mock_sma.simulation.consumers import consumer_load
from mock_sma.simulation.day_types import day_types
from mock_sma.simulation.load import base_load
from mock_sma.simulation.slots import SLOT, days_of
from mock_sma.witness.literals import Members, Number

ZONE = ZoneInfo("Europe/Berlin")
PLACE = Locality(ZONE, is_north=True, country=None)
CAR = Device(id="3", name="", kind=DeviceKind.EV_CHARGER, type="", product="", product_id=0, annual_energy=2_400_000.0)


BATTERY = Battery(capacity=8_000.0, max_charge=3_300.0, max_discharge=3_000.0, round_trip_efficiency=0.92)


def consumed(load: Load, first: date, count: int, *, with_car: bool = False, slots: int = 1) -> list[Piece]:
    """Return a stretch of another world's consumption, in pieces of so many slots."""
    days = days_of(first, count, ZONE)
    energy = base_load(load, days, day_types(days.dates, None), 7_001, 1.0)
    if with_car:
        energy = energy + consumer_load(CAR, days, 7_002, 288)
    ends = (days.slots.reshape(-1, slots)[:, -1] + 1) * SLOT
    sums = energy.reshape(-1, slots).sum(axis=1) / 1_000.0
    return [Piece(int(end) - slots * SLOT, int(end), float(part)) for end, part in zip(ends, sums, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("first", [date(2025, 1, 13), date(2025, 7, 7)])
def test_a_fortnights_consumption_tells_the_years_whatever_its_season(first: date) -> None:
    load = Load(annual_energy=4_500_000.0)
    found = fitted_consumption(consumed(load, first, 14), PLACE, Beside([], []))
    assert found is not None
    assert (found.kind, found.is_told, found.days, found.first) == (LoadKind.HOUSEHOLD, True, 14, first)
    assert found.annual_energy == pytest.approx(4_500_000.0, rel=0.12)


def test_the_sums_of_days_tell_the_level_and_not_the_hours() -> None:
    pieces = consumed(Load(annual_energy=4_500_000.0), date(2025, 1, 6), 28, slots=288)
    found = fitted_consumption(pieces, PLACE, Beside([], []))
    assert found is not None
    assert found.is_told is False
    assert found.annual_energy == pytest.approx(4_500_000.0, rel=0.12)


@pytest.mark.slow
def test_a_business_is_told_by_its_hours() -> None:
    pieces = consumed(Load(kind=LoadKind.COMMERCIAL, annual_energy=90e6), date(2025, 3, 3), 7, slots=3)
    found = fitted_consumption(pieces, PLACE, Beside([], []))
    assert found is not None
    assert found.kind is LoadKind.COMMERCIAL
    assert found.annual_energy == pytest.approx(90e6, rel=0.12)


@pytest.mark.slow
def test_a_car_is_told_from_the_household_by_the_hours() -> None:
    pieces = consumed(Load(annual_energy=4_500_000.0), date(2025, 1, 13), 14, with_car=True, slots=3)
    found = fitted_consumption(pieces, PLACE, Beside([], [CAR]))
    assert found is not None
    assert found.annual_energy == pytest.approx(4_500_000.0, rel=0.15)
    assert 0.4 < found.share < 2.0


def test_where_nothing_is_consumed_nothing_will_be() -> None:
    found = fitted_consumption([Piece(0, 300, 0.0)], PLACE, Beside([], []))
    assert found is not None
    assert (found.kind, found.annual_energy) == (LoadKind.NONE, 0.0)
    assert fitted_consumption([], PLACE, Beside([], [])) is None


def test_a_consumer_with_rows_takes_as_much_as_it_did() -> None:
    pieces = [Piece(300 * number, 300 * (number + 1), 100.0 if number < 3 else 0.0) for number in range(288)]
    assert fitted_consumer(pieces) == {"annual_energy": 110_000.0, "rated_power": 1_200.0}
    assert fitted_consumer([Piece(0, 86_400, 300.0)]) == {"annual_energy": 110_000.0}
    assert fitted_consumer([]) == {}


def stored(
    battery: Battery, *, is_energy: bool = False, without: range = range(0), much: float = 1.0, has_state: bool = True
) -> RecordedSet:
    """Return three days of rows of a battery, whose plant has too much by day and too little by night.

    Args:
        without: rows of a day that are missing.
        much: how much of the usual its plant has [1].
        has_state: whether rows tell the state of charge.
    """
    surplus = np.tile(np.repeat([-700_000, 900_000, 250_000], 96), 3) * much
    added = steps(battery, surplus.astype(np.int64))
    level = walk(added, int(battery.capacity * 500), int(battery.capacity * 1_000))
    change = np.diff(level, prepend=int(battery.capacity * 500))
    into = np.where(change > 0, change / battery.round_trip_efficiency, 0.0) * (1.0 if is_energy else 12.0) / 1_000.0
    out = np.where(change < 0, -change, 0.0) * (1.0 if is_energy else 12.0) / 1_000.0
    recorded = RecordedSet("FiveMinutes")
    rows = []
    for number, values in enumerate(zip(into, out, level / (battery.capacity * 10.0), strict=True)):
        at = np.datetime64("2025-06-10T00:00:00") + np.timedelta64(number * 300 + 300, "s")
        names = ("batteryCharging", "batteryDischarging", *(["batteryStateOfCharge"] if has_state else []))
        members = [(name, Number(f"{v:.3f}")) for name, v in zip(names, values, strict=False)]
        if number % 288 not in without:
            rows.append(Members([("time", str(at)), *members]))
    for day in (10, 11, 12):
        recorded.take(RowsKind(Period.DAY, is_energy=is_energy), date(2025, 6, day), rows, None)
    return recorded


@pytest.mark.slow
@pytest.mark.parametrize("is_energy", [False, True])
@pytest.mark.parametrize("without", [range(0), range(110, 170)])
def test_a_batterys_rows_tell_its_size_its_limits_and_its_losses(is_energy: bool, without: range) -> None:
    found = fitted_battery(None, stored(BATTERY, is_energy=is_energy, without=without), ZONE)
    assert found.guessed == []
    assert found.entry == {
        "capacity": pytest.approx(8_000.0, rel=0.03),
        "max_charge": pytest.approx(3_300.0, rel=0.02),
        "max_discharge": pytest.approx(3_000.0, rel=0.02),
        "round_trip_efficiency": pytest.approx(0.92, abs=0.02),
    }


@pytest.mark.slow
def test_a_battery_that_is_never_full_or_has_no_state_is_guessed_by_what_it_has_stored() -> None:
    large = Battery(capacity=60_000.0, max_charge=20_000.0, max_discharge=20_000.0)
    by_state = fitted_battery(None, stored(large, much=0.1), ZONE)
    by_energy = fitted_battery(None, stored(large, much=2.0, has_state=False), ZONE)
    for found, near in ((by_state, 0.05), (by_energy, 0.35)):
        assert found.entry["capacity"] == pytest.approx(60_000.0, rel=near)
        assert f"a capacity of {found.entry['capacity']:g} Wh" in found.guessed


def test_what_no_row_tells_of_a_battery_is_said_to_be_a_guess() -> None:
    found = fitted_battery(None, None, ZONE)
    assert found.entry == {"capacity": 10_000.0, "max_charge": 5_000.0, "max_discharge": 5_000.0}
    assert len(found.guessed) == 3
    assert fitted_battery(6_000.0, None, ZONE).entry["max_charge"] == 3_000.0


def test_sums_of_a_month_that_is_not_over_are_left_out() -> None:
    recorded = RecordedSet()
    rows = [
        Members([("time", f"2025-06-{day:02}T00:00:00"), ("totalConsumption", Number("9000.0"))]) for day in (9, 10)
    ]
    at = datetime(2025, 6, 10, 12, tzinfo=UTC)
    recorded.take(RowsKind(Period.MONTH, is_energy=True), date(2025, 6, 1), rows, at)
    (piece,) = pieces_of(recorded, "totalConsumption", ZONE)
    assert (piece.end - piece.begin, piece.energy, piece.mean) == (86_400, 9_000.0, 375.0)


def test_rows_of_the_hour_that_comes_twice_are_of_both() -> None:
    recorded = RecordedSet("FifteenMinutes")
    times = [f"02:{minute:02}" for minute in (0, 15, 30, 45)]
    rows = [
        Members([("time", f"2025-10-26T{time}:00"), ("consumption", Number("40.0"))])
        for time in ["01:45", *times, *times, "03:00", "03:00"]
    ]
    recorded.take(RowsKind(Period.DAY, is_energy=False), date(2025, 10, 26), rows, None)
    pieces = pieces_of(recorded, "consumption", ZONE)
    assert [later.begin - earlier.end for earlier, later in pairwise(pieces)] == [0] * 9
    assert [piece.mean for piece in pieces] == [40.0] * 10


def test_a_day_that_a_zone_has_skipped_has_no_energy() -> None:
    """Samoa went over the date line: its 29 December 2011 was followed by the 31st."""
    recorded = RecordedSet()
    rows = [Members([("time", f"2011-12-{day}T00:00:00"), ("consumption", Number("240.0"))]) for day in (29, 30, 31)]
    recorded.take(RowsKind(Period.MONTH, is_energy=True), date(2011, 12, 1), rows, None)
    assert [piece.mean for piece in pieces_of(recorded, "consumption", ZoneInfo("Pacific/Apia"))] == [10.0, 10.0]
