"""BasicReporting: one set, four periods, its own host."""

from __future__ import annotations

import pytest

from tests.sandbox.asking import shipped

BASE = "/basicreporting/v1/plants"
SETS = f"{BASE}/2100/measurements/sets"


def test_lists_plants_as_the_monitoring_api_does_and_reads_one() -> None:
    client = shipped("ennexos")
    assert client.get(BASE).body == client.get("/v1/plants").body
    assert client.get(f"{BASE}/2100").body == client.get("/v1/plants/2100").body
    assert client.get("/v1/plants", host="basicreporting.smaapis.de").status == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("period", "resolution"),
    [
        ("Day?Date=2025-06-14", "FiveMinutes"),
        ("week?date=2025-06-07", "OneHour"),
        ("Month?Date=2025-05", "OneDay"),
        ("Year?Date=2024", "OneMonth"),
    ],
)
def test_pv_generation_has_four_periods_with_one_property(period: str, resolution: str) -> None:
    client = shipped("ennexos")
    body = client.json(f"{SETS}/PvGeneration/{period}")
    assert list(body) == ["plant", "setType", "resolution", "set"]
    assert (body["setType"], body["resolution"]) == ("PvGeneration", resolution)
    assert body["set"]
    assert all(list(row) == ["time", "pvGeneration"] for row in body["set"])
    if resolution == "OneHour":
        return  # tests/findings/test_reporting_week.py holds it against the energies
    same = client.json(f"/v1/plants/2100/measurements/sets/EnergyAndPowerPv/{period}")
    assert body["set"] == same["set"]


@pytest.mark.parametrize(
    "end", ["PvGeneration/Recent", "PvGeneration/Total", "PvGeneration/Decade", "EnergyBalance/Day"]
)
def test_other_sets_and_periods_are_unknown(end: str) -> None:
    reply = shipped("ennexos").get(f"{SETS}/{end}?Date=2025-06-14")
    assert (reply.status, reply.body) == (404, b'{"message":"Not Found","code":"404"}')


@pytest.mark.parametrize("end", ["PvGeneration/Day", "PvGeneration/Week?Date=2025-06", "PvGeneration/Year?Date=25"])
def test_a_date_that_does_not_fit_is_400(end: str) -> None:
    assert shipped("ennexos").get(f"{SETS}/{end}").status == 400


def test_flags_of_the_monitoring_api_mean_nothing_here() -> None:
    client = shipped("ennexos")
    plain = client.get(f"{SETS}/PvGeneration/Day?Date=2025-06-14").body
    flagged = client.get(f"{SETS}/PvGeneration/Day?Date=2025-06-14&ReturnEnergyValues=true&WithTotal=maybe").body
    assert plain == flagged


def test_what_only_the_monitoring_api_has_is_loud() -> None:
    client = shipped("ennexos")
    for end in ("/2100/devices", "/2100/logs", "/2100/measurements/sets"):
        assert client.get(BASE + end).status == 501
