"""A running day that is simulated once answers as one that is worked out at each request, whatever goes wrong in it."""

from __future__ import annotations

import pytest

from mock_sma.sandbox.handlers.monitoring import measurements
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from tests.sandbox_helpers import ask, tokens

EVENTS = [
    {"kind": "gap", "start": "2025-03-29T10:00:00+01:00", "end": "2025-03-30T00:30:00+01:00"},
    {
        "kind": "late-data",
        "start": "2025-03-30T08:00:00+02:00",
        "end": "2025-03-30T12:00:00+02:00",
        "arrives": "2025-03-30T21:02:00+02:00",
    },
    {"kind": "missing-rows", "start": "2025-03-30T12:00:00+02:00", "end": "2025-03-31T20:00:00+02:00", "value": 0.3},
]
IDS = {"1000": "household-battery", "1100": "pv-only", "11111111-aaaa-4bbb-8ccc-000000000001": "pv-only"}
STEPS = [300, 1_800, 300, 5_400, 60, 900, 12_600, 300, 300, 7_200, 3_600, 900, 600, 300, 5_400, 18_000, 300, 3_600]
"""Time from one look to the next, through the spring's short day [s]."""


def world() -> Sandbox:
    owner = "o@example.org"
    plants = [
        {"id": name, "name": "A", "template": template, "owner": owner, "events": EVENTS if name != "1100" else []}
        for name, template in IDS.items()
    ]
    scenario = {"profile": "production-2020", "users": [{"email": owner}], "plants": plants}
    return Sandbox(load_scenario({**scenario, "consents": [{"email": owner}]}), now="2025-03-29T23:00:00+01:00")


@pytest.mark.slow
def test_r25_the_rows_so_far_are_the_first_ones_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    quick, slow = world(), world()
    polled, found = measurements.polled, []

    def counted(*arguments: object) -> bytes | None:
        found.append(polled(*arguments))  # type: ignore[arg-type]
        return found[-1]

    for step in STEPS:
        bearers = []
        for each in (quick, slow):
            each.clock.advance(step)
            bearers.append(tokens(each)["access_token"])
        day = quick.clock.isoformat()[:10]
        for name in IDS:
            for rest in ("EnergyBalance/Recent", "EnergyAndPowerPv/Recent", f"EnergyAndPowerPv/Day?Date={day}"):
                path = f"/v1/plants/{name}/measurements/sets/{rest}"
                path += ("&" if "?" in path else "?") + "ReturnEnergyValues=true"
                monkeypatch.setattr(measurements, "polled", counted)
                now = ask(quick, "GET", path, bearer=bearers[0], host="monitoring.smaapis.de")
                monkeypatch.setattr(measurements, "polled", lambda *_: None)
                anew = ask(slow, "GET", path, bearer=bearers[1], host="monitoring.smaapis.de")
                assert (now.status, now.body) == (200, anew.body), (quick.clock.isoformat(), path)
    assert sum(body is not None for body in found) > 40
    assert sum(body is None for body in found) > 5


@pytest.mark.slow
def test_a_night_without_rows_is_looked_for_once_and_ends_with_the_first_row(monkeypatch: pytest.MonkeyPatch) -> None:
    quick, slow, looked = world(), world(), []
    polled, path = measurements.polled, "/v1/plants/1100/measurements/sets/EnergyAndPowerPv/Recent"

    def counted(*arguments: object) -> bytes | None:
        looked.append(quick.clock.isoformat()[11:16])
        return polled(*arguments)  # type: ignore[arg-type]

    for _ in range(40):
        bodies = []
        for each, way in ((quick, counted), (slow, lambda *_: None)):
            each.clock.advance(900)
            monkeypatch.setattr(measurements, "polled", way)
            bearer = tokens(each)["access_token"]
            bodies.append(ask(each, "GET", path, bearer=bearer, host="monitoring.smaapis.de").body)
        assert bodies[0] == bodies[1], quick.clock.isoformat()
    # Each half of the night by its date, then the first rows.
    assert len(looked) <= 5, looked
    assert b"2025-03-30T0" in bodies[0]
