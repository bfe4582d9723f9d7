"""BasicReporting's Week comes in hours and whole watts, as in the only output of it that is known."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.facts import HOUSEHOLDER
from tests.sandbox.asking import Asker, asker, shipped

CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"


def plant(zone: str = "Europe/Berlin", resolution: int = 5, switches: str = "", **more: str) -> str:
    keys = "".join(f", {name}: {value}" for name, value in more.items())
    return (
        f"profile: production-2025\nquota: {{requests: 100000}}\nswitches: {{{switches}}}\n"
        f"plants: [{{id: 100, name: P, template: household, owner: {HOUSEHOLDER}, timezone: {zone}, "
        f"resolution: {resolution}{keys}}}]\n"
    )


def week(client: Asker, first: str, which: str = "100") -> dict[str, Any]:
    body = client.json(f"/basicreporting/v1/plants/{which}/measurements/sets/PvGeneration/Week?Date={first}")
    assert isinstance(body, dict)
    return body


def energies(client: Asker, day: date, which: str = "100") -> list[dict[str, Any]]:
    path = f"/v1/plants/{which}/measurements/sets/EnergyAndPowerPv/Day?Date={day}&ReturnEnergyValues=true"
    rows: list[dict[str, Any]] = client.json(path)["set"]
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("resolution", [5, 15, 60])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "Asia/Kolkata"])
def test_rows_are_hours_and_their_whole_watts_the_hours_energy(zone: str, resolution: int) -> None:
    client = asker(plant(zone, resolution))
    body = week(client, "2025-06-02")
    assert body["resolution"] == "OneHour"
    days = [date(2025, 6, 2) + timedelta(days=number) for number in range(7)]
    wanted: Counter[str] = Counter()
    for day in days:
        for row in energies(client, day):
            end = datetime.fromisoformat(row["time"])
            hour = end.replace(minute=0) + timedelta(hours=1 if end.minute else 0)
            wanted[hour.isoformat()] += int(row["pvGeneration"])
    assert {row["time"]: row["pvGeneration"] for row in body["set"]} == wanted
    assert all(row["pvGeneration"] == int(row["pvGeneration"]) for row in body["set"])
    assert {row["time"][10:13] for row in body["set"]} < {f"T{hour:02}" for hour in range(24)}


@pytest.mark.slow
def test_a_day_s_rows_add_up_to_the_month_s() -> None:
    client = asker(plant())
    month = client.json("/basicreporting/v1/plants/100/measurements/sets/PvGeneration/Month?Date=2025-06")["set"]
    days: Counter[str] = Counter()
    for row in week(client, "2025-06-02")["set"]:
        days[row["time"][:10]] += row["pvGeneration"]
    assert days == {row["time"][:10]: row["pvGeneration"] for row in month[1:8]}


def test_r20_an_hour_that_is_not_over_is_not_there_yet() -> None:
    client = asker(plant(), now="2025-06-15T12:40:00+02:00")
    last = week(client, "2025-06-15")["set"][-1]
    assert last["time"] == "2025-06-15T12:00:00"
    client.world.clock.set("2025-06-15T13:02:00+02:00")
    assert week(Asker(client.world), "2025-06-15")["set"][-1]["time"] == "2025-06-15T13:00:00"


@pytest.mark.parametrize("fold", ["duplicate", "first", "last", "sum"])
def test_the_repeated_hour_stays_whole_and_follows_the_switch(fold: str) -> None:
    # So far west of its zone that it is light there as the clock is set.
    client = asker(plant(switches=f"dst_fold: {fold}", longitude="-150.0"), now="2024-12-01T00:00:00+01:00")
    rows = [row for row in week(client, "2024-10-25")["set"] if row["time"] == "2024-10-27T03:00:00"]
    both = [row for row in week(client, "2024-10-25")["set"] if row["time"] == "2024-10-27T02:00:00"]
    assert len(rows) == 1
    assert len(both) == (2 if fold == "duplicate" else 1)


def test_day_keeps_the_plants_resolution_and_a_week_without_rows_its_envelope() -> None:
    client = asker(plant())
    day = client.json("/basicreporting/v1/plants/100/measurements/sets/PvGeneration/Day?Date=2025-06-10")
    assert day["resolution"] == "FiveMinutes"
    for first in ("2030-01-01", "2001-01-01"):
        assert (week(client, first)["resolution"], week(client, first)["set"]) == ("OneHour", [])


def test_a_plant_of_the_sandbox_has_it_too(client: Asker) -> None:
    body = week(client, "2025-06-01", "13")
    assert body["resolution"] == "OneHour"
    assert 7 * 14 < len(body["set"]) < 7 * 20


def test_a_classic_plant_has_it_too() -> None:
    client = shipped("classic")
    assert week(client, "2025-06-01", CLASSIC)["resolution"] == "OneHour"
    week_of_the_api = client.json(f"/v1/plants/{CLASSIC}/measurements/sets/EnergyBalance/Week?Date=2025-06-01")
    assert week_of_the_api["resolution"] != "OneDay"
