"""What the language says of values, repetition and portfolios, as a client of the vendor API sees it over time."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.worlds.worlds import Worlds
from tests.scenario_file.library.customer import Customer
from tests.scenario_file.senseless import BATTERY, INVERTER, METER, OWNER, world

STORE = {"kind": "battery-inverter", "name": "B", "id": "103", "battery": BATTERY}
INVERTERS = ("devices/101", "EnergyAndPowerPv")
DATE = "2025-06-15"


def customer(*events: dict[str, Any], **keys: Any) -> Customer:
    """Return a client whose owner has consented, in a world whose plant has some events."""
    plant = {"devices": [INVERTER, METER, STORE], "events": list(events), "commissioned": "2025-06-01"}
    made = Customer(world(plant, profile="production-2020", consents=[{"email": OWNER}], **keys))
    made.world.clock.advance(hours=8)
    made.renew()
    return made


def by_time(who: Customer, where: str, name: str, property_name: str) -> dict[str, Any]:
    return {row["time"][11:16]: row.get(property_name) for row in who.rows(where, name, "Day", DATE)}


def pv(*events: dict[str, Any]) -> dict[str, Any]:
    return by_time(customer(*events), *INVERTERS, "pvGeneration")


def value(mode: str | None, **keys: Any) -> dict[str, Any]:
    facts = {"kind": "value", "device": "101", "set": "EnergyAndPowerPv", "property": "pvGeneration", "mode": mode}
    return {**facts, "start": "+1h", "end": "+3h", **keys}


PLAIN = pv()


@pytest.mark.parametrize(
    ("event", "at_two", "elsewhere"),
    [
        (value(None), lambda _: None, "16:00"),
        (value("fixed", value=-120), lambda _: -10.0, "16:00"),
        (value("scale", value=2), lambda wh: 2 * wh, "16:00"),
        (value("scale", value=-1), lambda wh: -wh, "12:00"),
        (value("add", value=1_200), lambda wh: wh + 100, "12:00"),
    ],
)
def test_values_are_wrong_while_it_lasts(event: dict[str, Any], at_two: Any, elsewhere: str) -> None:
    rows = pv(event)
    wanted = at_two(PLAIN["14:00"])
    assert rows["14:00"] == (wanted if wanted is None else pytest.approx(wanted, abs=2.0))
    assert rows[elsewhere] == PLAIN[elsewhere]


@pytest.mark.slow
def test_the_plant_goes_by_what_its_device_says() -> None:
    who = customer(value("scale", value=3))
    rows = by_time(who, "plants/100", "EnergyBalance", "pvGeneration")
    assert rows["14:00"] == pv(value("scale", value=3))["14:00"] == pytest.approx(3 * PLAIN["14:00"], abs=3.0)
    month = who.energy("plants/100", "EnergyBalance", "Month", "2025-06")
    assert month > customer().energy("plants/100", "EnergyBalance", "Month", "2025-06") + 5_000


def test_a_counter_restarts_and_a_meter_begins_below_zero() -> None:
    restarted = pv({"kind": "counter-restart", "device": "101", "start": "+1h", "value": 50_000})
    assert [restarted[at] - PLAIN[at] for at in ("13:00", "13:05", "13:10")] == [0.0, -50_000.0, 0.0]
    spike = {"kind": "first-reading-spike", "device": "102", "start": "+1h", "value": -900}
    meters = [by_time(who, "devices/102", "EnergyAndPowerInOut", "gridFeedIn") for who in (customer(), customer(spike))]
    assert meters[1]["13:05"] - meters[0]["13:05"] == -900.0


def test_rows_come_twice() -> None:
    who = customer({"kind": "duplicate-rows", "device": "101", "start": "+1h", "end": "+2h"})
    times = [row["time"][11:16] for row in who.rows(*INVERTERS, "Day", DATE)]
    assert (times.count("13:00"), times.count("13:30"), times.count("14:05")) == (1, 2, 1)


def test_a_gap_comes_again_each_two_hours() -> None:
    rows = pv({"kind": "gap", "start": "-2h", "end": "-1h", "every": "2h", "times": 3})
    hours = {at[:2] for at in PLAIN if at not in rows and at[3:] == "30"}
    assert hours == {"10", "12", "14"}


async def test_a_value_event_by_hand_does_the_same() -> None:
    who = customer()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(App(Worlds(who.world))), base_url="http://127.0.0.1")
    async with client as http:
        done = await http.post(
            "/_mock/plants/100/events",
            json=value("fixed", value=60, start=f"{DATE}T13:00:00+02:00", end=f"{DATE}T15:00:00+02:00"),
        )
        assert done.status_code == 201, done.text
        refused = await http.post("/_mock/plants/100/events", json=value("fixed", value=60, set="Sensor"))
        assert (refused.status_code, "does not offer Sensor" in refused.text) == (422, True)
    assert by_time(who, *INVERTERS, "pvGeneration")["14:00"] == 5.0


@pytest.mark.slow
def test_a_portfolio_is_listed_whole_as_far_as_its_owners_have_consented() -> None:
    wish = {"count": 300, "owners": 90, "status": {"ok": 2, "gap": 1}, "countries": {"DE": 1, "ES": 1}}
    some = Customer({"now": f"{DATE}T12:00:00+02:00", "generate": wish, "consents": [{"email": "*", "share": 0.8}]})
    assert 200 < len(some.plants) < 280
    listed = some.get("/v1/plants?WithStatus=true")["plants"]
    assert {"Ok", "CommunicationMonitoringFault"} <= {item["status"] for item in listed}
