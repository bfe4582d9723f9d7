"""Nothing is live: no row before its upload has been processed, and Recent is the latest visible row (R20, R25)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.facts import HOUSEHOLDER, NOW
from tests.sandbox.asking import Asker, asker, shipped

CLASSIC = "6b1c8e5e-0000-4000-8000-00000000000a"
GATEWAYS = {
    "data-manager": (300, 0),
    "home-manager": (900, 120),
    "webconnect": (900, 120),
    "cluster-controller": (900, 120),
}
"""Time between uploads [s] and of processing without the package [min] (R25)."""
START = datetime(2025, 6, 14, 22, tzinfo=UTC)
LATEST_ARRIVAL = 60


def plant(gateway: str, package: bool, resolution: int, zone: str) -> str:
    plant_id = "100" if gateway == "data-manager" else CLASSIC
    return f"""
plants:
  - {{id: {plant_id}, name: P, template: household, gateway: {gateway}, professional_package: {str(package).lower()},
     resolution: {resolution}, timezone: {zone}, owner: {HOUSEHOLDER}}}
"""


def due(end: float, upload: int) -> float:
    """Return when the upload after an interval's end is due."""
    return ceil(end / upload) * upload


@pytest.mark.slow
@given(
    gateway=st.sampled_from(sorted(GATEWAYS)),
    package=st.booleans(),
    resolution=st.sampled_from([5, 15, 60]),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
    second=st.integers(0, 2 * 86_400),
)
@examples(40)
def test_r20_r25_no_row_is_there_too_early_or_too_late(
    gateway: str, package: bool, resolution: int, zone: str, second: int
) -> None:
    now = (START + timedelta(seconds=second)).timestamp()
    client = asker(plant(gateway, package, resolution, zone), now=datetime.fromtimestamp(now, UTC).isoformat())
    (item,) = client.json("/v1/plants")["plants"]
    path = f"/v1/plants/{item['plantId']}/measurements/sets/EnergyBalance"
    upload, minutes = GATEWAYS[gateway]
    wait = (15 if package and minutes else minutes) * 60
    local = datetime.fromtimestamp(now, ZoneInfo(zone)).date()
    seen = [stamp for day in (local - timedelta(days=1), local) for stamp in stamps(client, path, day)]
    ends = [datetime.fromisoformat(stamp).replace(tzinfo=ZoneInfo(zone)).timestamp() for stamp in seen]
    assert all(due(end, upload) + 1 + wait <= now for end in ends), "a row was there too early"
    following = ends[-1] + resolution * 60
    assert due(following, upload) + LATEST_ARRIVAL + wait > now, "a row was there too late"
    assert [row["time"] for row in client.json(f"{path}/Recent")["set"]] == seen[-1:]


def stamps(client: Asker, path: str, day: date) -> list[str]:
    return [row["time"] for row in client.json(f"{path}/Day?Date={day}")["set"]]


def test_r25_the_professional_package_takes_an_hour_and_three_quarters_off() -> None:
    client = shipped("processing-delay")
    plants = client.json("/v1/plants")["plants"]
    latest = [
        client.json(f"/v1/plants/{item['plantId']}/measurements/sets/EnergyBalance/Recent")["set"][0]["time"]
        for item in plants
    ]
    assert sorted(latest) == ["2025-06-15T09:45:00", "2025-06-15T11:30:00"]


@pytest.mark.slow
@pytest.mark.parametrize("period", ["Month?Date=2025-06", "Year?Date=2025", "Total"])
def test_r20_coarse_periods_hold_no_more_than_the_visible_rows(period: str) -> None:
    client = asker(plant("home-manager", package=False, resolution=15, zone="Europe/Berlin"), NOW)
    path = f"/v1/plants/{CLASSIC}/measurements/sets/EnergyBalance"
    last = client.json(f"{path}/{period}")["set"][-1]
    client.world.clock.advance(minutes=20)
    again = Asker(client.world).json(f"{path}/{period}")["set"][-1]
    today = client.world.clock.now().date()
    grown = again["pvGeneration"] - last["pvGeneration"]
    rows = Asker(client.world).json(f"{path}/Day?Date={today}&ReturnEnergyValues=true")["set"]
    assert grown in (rows[-1]["pvGeneration"], rows[-1]["pvGeneration"] + rows[-2]["pvGeneration"])
    assert grown > 0


def test_r25_data_that_arrive_late_are_in_no_answer_before() -> None:
    client = shipped("late-data")
    path = "/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date=2025-06-15"
    early = [row["time"] for row in client.json(path)["set"]]
    assert "2025-06-15T09:00:00" not in early
    client.world.clock.set("2025-06-15T18:00:00+02:00")
    assert "2025-06-15T09:00:00" in [row["time"] for row in Asker(client.world).json(path)["set"]]
