"""What a change of a plant or device does, and what it leaves alone, as a client of the vendor API sees it."""

from __future__ import annotations

from functools import cache
from typing import Any

import httpx
import pytest

from mock_sma import load_scenario
from mock_sma.api.app import App
from mock_sma.capsule import capsule_of, opened
from mock_sma.scenario_file.builders import action
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW
from tests.sandbox_helpers import tokens
from tests.scenario_file.library.customer import Customer
from tests.scenario_file.senseless import BATTERY, INVERTER, METER, OWNER, world
from tests.scenario_file.test_through_the_api import DATE, STORE

pytestmark = pytest.mark.slow

CHANGES: dict[str, tuple[str, dict[str, Any], tuple[str, str, str]]] = {
    "modules": (
        "change_device",
        {"device": "101", "change": {"arrays": [{"peak_power": 2_000, "azimuth": 90}]}},
        ("devices/101", "PowerDc", "dcPowerInput"),
    ),
    "battery": (
        "change_device",
        {"device": "103", "change": {"battery": {"capacity": BATTERY["capacity"] * 3}}},
        ("devices/103", "EnergyAndPowerBattery", "batteryStateOfCharge"),
    ),
    "load": (
        "change_plant",
        {"plant": "100", "change": {"load": {"annual_energy": 20_000_000}}},
        ("plants/100", "EnergyBalance", "totalConsumption"),
    ),
    "added": (
        "add_device",
        {"plant": "100", "device": {"kind": "solar-inverter", "name": "N", "arrays": [{"peak_power": 8_000}]}},
        ("plants/100", "EnergyBalance", "pvGeneration"),
    ),
    "replaced": ("replace_device", {"device": "101"}, ("devices/101", "EnergyAndPowerPv", "pvGeneration")),
}
SETS = (
    ("plants/100", "EnergyBalance"),
    ("devices/101", "EnergyAndPowerPv"),
    ("devices/101", "PowerDc"),
    ("devices/102", "EnergyAndPowerInOut"),
    ("devices/103", "EnergyAndPowerBattery"),
)


def customer(*timeline: dict[str, Any]) -> Customer:
    plant = {"devices": [INVERTER, METER, STORE], "commissioned": "2025-06-01"}
    document = world(plant, profile="production-2020", consents=[{"email": OWNER}], timeline=list(timeline))
    return Customer(load_scenario(document | {"now": NOW}))


def rows(who: Customer) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows of all sets of the day in W, by where, set and time."""
    who.renew()
    return {
        (where, name): {
            row["time"]: row for row in who.get(f"/v1/{where}/measurements/sets/{name}/Day?Date={DATE}")["set"]
        }
        for where, name in SETS
    }


@cache
def unchanged() -> dict[tuple[str, str], dict[str, Any]]:
    who = customer()
    who.world.clock.advance(hours=20)
    return rows(who)


def check(who: Customer, name: str) -> None:
    """Check the rows of a world that was changed at 13:00."""
    where, wanted, key = CHANGES[name][2]
    now = rows(who)
    for asked, found in now.items():
        was = unchanged()[asked]
        early = [time for time in was if time <= f"{DATE}T13:00:00"]
        assert len(early) > 90
        assert [found[time] for time in early] == [was[time] for time in early], asked
    later = [time for time in unchanged()[where, wanted] if "13:05" <= time[11:16] < "19:00"]
    assert any(now[where, wanted].get(time, {}).get(key) != unchanged()[where, wanted][time][key] for time in later)
    month = {row["time"]: row for row in who.rows("plants/100", "EnergyBalance", "Month", DATE[:7])}
    for key in ("pvGeneration", "gridFeedIn", "batteryCharging"):
        assert who.energy("plants/100", "EnergyBalance", "Day", DATE, key) == month[f"{DATE}T00:00:00"][key]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_at_one_leaves_all_rows_before_it(name: str) -> None:
    what, keys, _ = CHANGES[name]
    who = customer({"after": "+1h", "action": what, **keys})
    who.world.clock.advance(hours=20)
    check(who, name)


def test_the_same_by_hand_in_a_fork_after_a_save_point_and_out_of_a_capsule() -> None:
    who = customer()
    who.world.clock.advance(hours=1)
    what, keys, _ = CHANGES["modules"]
    who.world.happenings.carry_out(action(what, **keys))
    point = who.world.save()
    who.world.clock.advance(hours=1)
    who.world.happenings.carry_out(action("change_device", device="101", change={"arrays": []}))
    who.world.restore(point)
    copies = [who.world, who.world.fork("copy"), opened(capsule_of(who.world))]
    for copy in copies:
        assert [item.until for item in copy.estate.plants["100"].earlier] == [copy.clock.now()]
        copy.clock.advance(hours=19)
    other = Customer.__new__(Customer)
    for copy in copies[:1] + copies[2:]:
        other.world = copy
        other.token = tokens(copy)["access_token"]
        check(other, "modules")


async def test_the_same_over_the_control_api() -> None:
    who = customer()
    who.world.clock.advance(hours=1)
    transport = httpx.ASGITransport(App(Worlds(who.world)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        done = await http.patch("/_mock/plants/100", json=CHANGES["load"][1]["change"])
        assert done.status_code == 200, done.text
        model = (await http.get("/_mock/plants/100")).json()
        assert [item["load"]["annual_energy"] for item in model["earlier"]] == [4_000_000]
        again = await http.patch("/_mock/plants/100", json={"name": "Neu"})
        assert again.json()["earlier"] == model["earlier"]
    who.world.clock.advance(hours=19)
    check(who, "load")


def test_a_battery_that_is_changed_goes_on_with_what_it_holds() -> None:
    what, keys, (where, name, _) = CHANGES["battery"]
    who = customer({"after": "+1h", "action": what, **keys})
    who.world.clock.advance(hours=20)
    states = {time[11:16]: row["batteryStateOfCharge"] for time, row in rows(who)[where, name].items()}
    assert states["13:00"] > 50.0
    assert states["13:05"] == pytest.approx(states["13:00"] / 3, abs=3.0)
