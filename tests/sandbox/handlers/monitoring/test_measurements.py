"""Sets of measurements: periods, rows, dates, bytes (R21 to R33)."""

from __future__ import annotations

import json

import pytest

from mock_sma import Sandbox, load_scenario
from tests.facts import NOW
from tests.sandbox.asking import Asker, consenting


@pytest.mark.slow
@pytest.mark.parametrize(
    ("period", "query", "resolution", "rows"),
    [
        ("Recent", "", "FifteenMinutes", 1),
        ("Day", "?Date=2025-06-14", "FifteenMinutes", 96),
        ("Week", "?Date=2025-06-01", "FifteenMinutes", 672),
        ("Month", "?Date=2025-05", "OneDay", 31),
        ("Year", "?Date=2024", "OneMonth", 12),
        ("Total", "", "OneYear", 6),
    ],
)
def test_r21_r26_each_period_has_its_resolution(
    client: Asker, period: str, query: str, resolution: str, rows: int
) -> None:
    body = client.json(f"/v1/plants/13/measurements/sets/EnergyBalance/{period}{query}")
    assert list(body) == ["plant", "setType", "resolution", "set"]
    assert (body["resolution"], len(body["set"])) == (resolution, rows)
    device = client.json(f"/v1/devices/16/measurements/sets/EnergyAndPowerPv/{period}{query}")
    assert list(device) == ["plant", "device", "setType", "resolution", "set"]
    assert all(list(row) == ["time", "pvGeneration"] for row in device["set"])


def test_energy_balance_has_its_properties_in_order_and_numbers_as_doubles(client: Asker) -> None:
    reply = client.get("/v1/plants/13/measurements/sets/energybalance/DAY?date=2025-06-14&returnEnergyValues=TRUE")
    row = json.loads(reply.body)["set"][48]
    assert list(row) == [
        "time",
        "pvGeneration",
        "directConsumption",
        "totalConsumption",
        "batteryCharging",
        "batteryDischarging",
        "batteryStateOfCharge",
        "gridFeedIn",
        "gridConsumption",
        "totalGeneration",
        "selfConsumption",
        "autarkyRate",
        "selfConsumptionRate",
        "selfSupply",
    ]
    assert row["time"] == "2025-06-14T12:15:00"
    assert b'"gridConsumption":0.0' in reply.body


def test_r27_a_property_without_value_is_absent_from_its_row(client: Asker) -> None:
    night = client.json("/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14")["set"][0]
    assert night["pvGeneration"] == 0.0
    assert "selfConsumptionRate" not in night


def test_with_total_adds_the_sums_without_time(client: Asker) -> None:
    body = client.json("/v1/plants/13/measurements/sets/EnergyBalance/Month?Date=2025-05&WithTotal=true")
    assert list(body)[-1] == "total"
    assert "time" not in body["total"]
    assert body["total"]["pvGeneration"] == sum(row["pvGeneration"] for row in body["set"])


def test_basic_reporting_gives_pv_generation_alone(client: Asker) -> None:
    body = client.json("/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Month?Date=2025-05")
    assert all(list(row) == ["time", "pvGeneration"] for row in body["set"])
    assert client.get("/basicreporting/v1/plants/13/measurements/sets/EnergyBalance/Total").status == 404
    assert client.json("/basicreporting/v1/plants/13")["plantId"] == "13"


def test_r28_no_data_is_an_empty_list_in_a_whole_envelope(client: Asker) -> None:
    body = client.json("/v1/plants/13/measurements/sets/EnergyBalance/Month?Date=2030-01")
    assert (body["resolution"], body["set"]) == ("OneDay", [])


def test_r33_a_set_without_instruments_is_empty_and_an_unknown_one_is_404(client: Asker) -> None:
    assert client.json("/v1/devices/14/measurements/sets/EnergyAndPowerPv/Recent")["set"] == []
    unknown = client.get("/v1/plants/13/measurements/sets/EnergyMagic/Recent")
    assert (unknown.status, unknown.body) == (404, b'{"message":"Not Found","code":"404"}')
    assert client.get("/v1/plants/13/measurements/sets/EnergyBalance/Decade").status == 404


@pytest.mark.parametrize(
    ("period", "text", "form"),
    [
        ("Day", "2025-6-1", "YYYY-MM-DD"),
        ("Day", "2025-02-30", "YYYY-MM-DD"),
        ("Week", "", "YYYY-MM-DD"),
        ("Month", "2025-06-01", "YYYY-MM"),
        ("Year", "25", "YYYY"),
    ],
)
def test_a_date_that_does_not_fit_is_400_and_names_the_form(client: Asker, period: str, text: str, form: str) -> None:
    reply = client.get(f"/v1/plants/13/measurements/sets/EnergyBalance/{period}?Date={text}")
    body = json.loads(reply.body)
    assert (reply.status, list(body), body["code"]) == (400, ["message", "code"], "400")
    assert form in body["message"]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    target = "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
    bodies = [consenting(Sandbox(load_scenario("sandbox"), now=NOW, seed=seed)).get(target).body for seed in (1, 1, 2)]
    assert bodies[0] == bodies[1] != bodies[2]


def test_rendered_bodies_are_kept_within_their_bounds(client: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    simulators = client.world.simulators
    monkeypatch.setattr("mock_sma.sandbox.world.simulators.MAX_BODIES", 2)
    monkeypatch.setattr("mock_sma.sandbox.world.simulators.MAX_SIMULATOR_BYTES", 1)
    for plant in ("13", "24", "35"):
        client.json(f"/v1/plants/{plant}/measurements/sets/EnergyBalance/Recent")
    assert len(simulators._bodies) == 2
    # The one in use is weighed when the next is asked for.
    assert len(simulators._simulators) == 2
