"""``/_mock/savepoints`` over HTTP, and by the control client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.control import ControlClient
from mock_sma.testing.live import LiveServer
from mock_sma.worlds.worlds import Worlds
from tests.facts import OWNER
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    shell = httpx.ASGITransport(App(Worlds(make())))
    async with httpx.AsyncClient(transport=shell, base_url="http://127.0.0.1:8080") as client:
        yield client


async def test_a_world_is_saved_listed_restored_and_forgotten(http: httpx.AsyncClient) -> None:
    await http.post(f"/_mock/consents/{OWNER}/accept")
    made = await http.post("/_mock/savepoints", json={"name": "consented"})
    assert (made.status_code, made.json()) == (
        201,
        {"name": "consented", "now": "2025-06-15T12:00:00.000+02:00", "requests": 0},
    )
    assert (await http.post("/_mock/savepoints")).json()["name"] == "savepoint-1"
    await http.post(f"/_mock/consents/{OWNER}/revoke")
    await http.post("/_mock/clock/advance", json={"duration": "P1D"})
    for _ in range(2):
        assert (await http.put("/_mock/savepoints/consented")).status_code == 204
        assert (await http.get("/_mock/consents")).json()[0]["state"] == "Accepted"
        assert (await http.get("/_mock/clock")).json()["now"] == "2025-06-15T12:00:00.000+02:00"
    assert [item["name"] for item in (await http.get("/_mock/savepoints")).json()] == ["consented", "savepoint-1"]
    assert (await http.delete("/_mock/savepoints/consented")).status_code == 204
    gone = await http.put("/_mock/savepoints/consented")
    assert (gone.status_code, "there are: savepoint-1" in gone.json()["detail"]) == (404, True)
    assert (await http.delete("/_mock/savepoints/consented")).status_code == 404


async def test_bad_and_taken_names_and_too_many_are_refused_with_the_remedy(http: httpx.AsyncClient) -> None:
    assert (await http.post("/_mock/savepoints", json={"name": "a/b"})).status_code == 400
    assert (await http.post("/_mock/savepoints", json={"nam": "a"})).status_code == 422
    for number in range(50):
        assert (await http.post("/_mock/savepoints", json={"name": f"p{number}"})).status_code == 201
    taken = await http.post("/_mock/savepoints", json={"name": "p1"})
    assert (taken.status_code, "PUT goes back to it" in taken.json()["detail"]) == (409, True)
    full = await http.post("/_mock/savepoints", json={"name": "one-more"})
    assert (full.status_code, "50 save points" in full.json()["detail"]) == (409, True)


def test_the_control_client_saves_restores_and_forks() -> None:
    with LiveServer(make()) as server, ControlClient(server.url) as control:
        control.accept(OWNER)
        point = control.save("mine")
        control.revoke(OWNER)
        control.restore(point["name"])
        assert control.consents()[0]["state"] == "Accepted"
        fork = control.create_world("twin", like="default")
        assert fork["clients"][0]["client_id"] == "demo_api-twin"
        assert control.world("twin").consents()[0]["state"] == "Accepted"
        assert [item["name"] for item in control.savepoints()] == ["mine"]
        assert control.world("twin").savepoints() == []
        control.delete_savepoint("mine")
        assert control.savepoints() == []
