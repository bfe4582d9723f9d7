"""The first witnesses: shapes of recorded answers, which the package has, and what SMA's own examples of calls ask."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from mock_sma.domain.scenario import ConsentState
from mock_sma.fidelity import load_ledger
from tests.sandbox_helpers import ask, content, make, tokens

WITNESSES = sorted(
    item.name for item in files("mock_sma.fidelity").joinpath("witnesses").iterdir() if item.name.endswith(".json")
)
OWNER = "apiTestUser@apiSandbox.com"
DEMO = {"client_id": "demo_api", "client_secret": "demo_secret"}

ASKED = [
    "/monitoring/v1/plants",
    "/monitoring/v1/plants/13/devices",
    "/monitoring/v1/devices/16",
    "/monitoring/v2/plants/13/measurements/sets/EnergyBalance/Month?Date=2025-05",
    "/monitoring/v1/plants/13/logs?from=2025-06-01",
    "/monitoring/v1/devices/16/logs?from=2025-06-01",
    "/basicreporting/v1/plants",
    "/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Month?Date=2025-05",
    "/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Year?Date=2025",
]
"""Forms of the calls in SMA's collection for the sandbox: some have v2, and some ``from`` in small letters."""


@pytest.mark.parametrize("name", WITNESSES)
def test_a_witness_of_the_package_holds_shapes_and_nothing_else(name: str) -> None:
    document = json.loads(files("mock_sma.fidelity").joinpath("witnesses", name).read_text(encoding="utf-8"))
    assert set(document) == {"version", "source", "mock_sma", "exchanges", "rows"}
    rows = {(row.kind, row.name) for row in load_ledger().rows}
    for row in document["rows"]:
        assert set(row) == {"kind", "name", "standing", "verdict", "seen"}
        assert (row["kind"], row["name"]) in rows
        assert row["verdict"] == "confirmed"


def test_both_environments_have_a_witness() -> None:
    assert len(WITNESSES) == 2


@pytest.mark.slow
def test_the_flow_of_smas_collection_runs_through() -> None:
    world = make("sandbox")
    first: dict[str, Any] = tokens(world)
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **DEMO}
    second = content(ask(world, "POST", "/oauth2/token", form=form))
    bearer = second["access_token"]
    assert ask(world, "POST", "/oauth2/v2/bc-authorize", json={"loginHint": OWNER}, bearer=bearer).status == 201
    answer = {"state": ConsentState.ACCEPTED.value}
    assert ask(world, "PUT", f"/oauth2/v2/bc-authorize/{OWNER}/status", json=answer, bearer=bearer).status == 200
    assert content(ask(world, "GET", f"/oauth2/v2/bc-authorize/{OWNER}", bearer=bearer))["state"] == "Accepted"
    for path in ASKED:
        assert ask(world, "GET", path, bearer=bearer).status == 200, path
    assert ask(world, "POST", "/oauth2/logout", form={"refresh_token": second["refresh_token"], **DEMO}).status == 204
