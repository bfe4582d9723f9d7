"""Changes of a plant at odd instants and of odd facts: no energy is lost or counted twice, and the past stays."""

from __future__ import annotations

from typing import Any

import pytest

from mock_sma import load_scenario
from mock_sma.scenario_file.builders import action
from tests.facts import NOW
from tests.scenario_file.library.customer import Customer
from tests.scenario_file.senseless import INVERTER, METER, OWNER, world
from tests.scenario_file.test_through_the_api import DATE, STORE

pytestmark = pytest.mark.slow

DAY_BEFORE = "2025-06-14"
KEYS = ("pvGeneration", "totalConsumption", "gridFeedIn", "batteryCharging")


def customer(**plant: Any) -> Customer:
    whole = {"devices": [INVERTER, METER, STORE], "commissioned": "2025-05-01"} | plant
    document = world(whole, profile="production-2020", consents=[{"email": OWNER}])
    return Customer(load_scenario(document | {"now": NOW}))


def change(who: Customer, what: str, **keys: Any) -> None:
    who.world.happenings.carry_out(action(what, **keys))


def check_sums(who: Customer, date: str = DATE) -> None:
    """Check that a day's rows and its row of the month are the same sums."""
    who.renew()
    month = {row["time"]: row for row in who.rows("plants/100", "EnergyBalance", "Month", date[:7])}
    for key in KEYS:
        assert who.energy("plants/100", "EnergyBalance", "Day", date, key) == month[f"{date}T00:00:00"].get(key), key


@pytest.mark.slow
@pytest.mark.parametrize("day", ["2025-06-02", "2025-06-09"])
def test_r27_a_plant_knows_its_consumption_from_its_first_day_on(day: str) -> None:
    who = customer(commissioned=day)
    who.later(days=1)
    check_sums(who, day)
    for period, date in (("Year", "2025"), ("Total", "")):
        assert who.rows("plants/100", "EnergyBalance", period, date)[0]["totalConsumption"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [137, 420, 3_600])
@pytest.mark.parametrize("before", [15, 60])
def test_a_finer_resolution_at_any_instant_loses_no_energy(before: int, seconds: int) -> None:
    who = customer(resolution=before)
    who.world.clock.advance(seconds=seconds)
    change(who, "change_plant", plant="100", change={"resolution": 5})
    who.world.clock.advance(hours=20)
    check_sums(who)


@pytest.mark.parametrize("minutes", [0, 7, 10, 29])
@pytest.mark.parametrize(("before", "after"), [(5, 15), (5, 60), (15, 60)])
def test_a_coarser_resolution_takes_no_row_back_that_was_served(before: int, after: int, minutes: int) -> None:
    who = customer(resolution=before)
    who.world.clock.advance(minutes=minutes)

    def served() -> dict[str, Any]:
        who.renew()
        return {row["time"]: row for row in who.rows("plants/100", "EnergyBalance", "Day", DATE)}

    known = served()
    change(who, "change_plant", plant="100", change={"resolution": after})
    for _ in range(16):
        now = served()
        assert now.items() >= known.items()
        known = now
        who.world.clock.advance(minutes=5)
    check_sums(who)


@pytest.mark.slow
def test_r19_the_id_of_a_device_that_is_gone_is_not_given_again() -> None:
    who = customer()
    gone = who.world.estate.plants["100"].devices[-1].id
    change(who, "change_plant", plant="100", change={"devices": [INVERTER, METER]})
    new = {"kind": "solar-inverter", "name": "N", "arrays": [{"peak_power": 8_000}]}
    change(who, "add_device", plant="100", device=new)
    assert gone not in {device.id for device in who.world.estate.plants["100"].devices}
    who.world.clock.advance(hours=20)
    check_sums(who)


@pytest.mark.slow
def test_a_device_that_comes_back_goes_on() -> None:
    who = customer()
    change(who, "change_plant", plant="100", change={"devices": [METER, STORE]})
    who.world.clock.advance(hours=1)
    change(who, "change_plant", plant="100", change={"devices": [INVERTER, METER, STORE]})
    who.world.clock.advance(hours=20)
    check_sums(who)


@pytest.mark.slow
def test_an_activation_that_is_moved_counts_for_the_past_in_every_period() -> None:
    who = customer()
    change(who, "change_device", device="101", change={"activated_at": "2025-06-16T00:00:00+02:00", "arrays": []})
    assert who.energy("plants/100", "EnergyBalance", "Day", DAY_BEFORE) == 0
    month = who.rows("plants/100", "EnergyBalance", "Month", "2025-06")
    assert sum(row.get("pvGeneration") or 0 for row in month) == 0


def test_a_larger_battery_leaves_the_past_beside_an_event_on_its_values() -> None:
    begin, end = (f"{DATE}T{hour}:00:00+02:00" for hour in ("08", "09"))
    event = {"kind": "value", "device": "103", "set": "EnergyAndPowerBattery", "property": "batteryStateOfCharge"}
    who = customer(events=[event | {"mode": "fixed", "value": 7, "start": begin, "end": end}])

    def states() -> dict[str, float]:
        rows = who.get(f"/v1/plants/100/measurements/sets/EnergyBalance/Day?Date={DATE}")["set"]
        return {row["time"]: row["batteryStateOfCharge"] for row in rows if row["time"] <= f"{DATE}T12:00:00"}

    before = states()
    assert before[f"{DATE}T08:30:00"] == 7
    change(who, "change_device", device="103", change={"battery": {"capacity": 30_000}})
    assert states() == before
    assert len(set(before.values())) > 10


def test_many_changes_of_one_day_are_one_history() -> None:
    who = customer()
    for number in range(12):
        change(who, "change_device", device="101", change={"arrays": [{"peak_power": 2_000 + 500 * (number % 2)}]})
        who.world.clock.advance(minutes=10)
    who.world.clock.advance(hours=18)
    check_sums(who)
