"""The ledger over HTTP."""

from __future__ import annotations

import httpx
import pytest

from mock_sma import load_scenario
from mock_sma.api.app import App
from mock_sma.fidelity import load_ledger
from mock_sma.fidelity.witnessed import witnesses
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.worlds.worlds import Worlds


def client() -> httpx.AsyncClient:
    app = App(Worlds(Sandbox(load_scenario("sandbox"))))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080")


@pytest.mark.slow
async def test_the_whole_ledger_is_shown_with_its_counts() -> None:
    async with client() as http:
        body = (await http.get("/_mock/fidelity")).json()
        assert (await http.get("/_mock/worlds/default/fidelity")).json() == body
        assert (await http.get("/_mock/worlds/nowhere/fidelity")).status_code == 404
    assert len(body["rows"]) == len(load_ledger().rows)
    assert body["counts"] == load_ledger().counts()
    assert list(body["rows"][0]) == ["kind", "name", "standing", "source", "date", "note", "seen", "confirmed_by"]
    counts = {f"{row['kind']}.{row['name']}": row["confirmed_by"] for row in body["rows"]}
    assert {name: count for name, count in counts.items() if count} == witnesses().confirmations
    assert [len(body["costly"]), list(body["costly"][0])] == [20, ["kind", "name", "cost", "turn"]]


async def test_rows_are_narrowed_by_kind_standing_and_name() -> None:
    async with client() as http:
        rows = (await http.get("/_mock/fidelity?kind=property&standing=inferred&name=gridsettings")).json()["rows"]
        refused = await http.get("/_mock/fidelity?standing=certain")
    assert {row["name"].split(".")[0] for row in rows} == {"GridSettings"}
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
