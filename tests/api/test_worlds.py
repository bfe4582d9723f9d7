"""``/_mock/worlds`` over HTTP: use, misuse, and many worlds at once over a real server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.testing.live import LiveServer
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

WORLD = {"name": "gw0", "scenario": "sandbox", "now": NOW}


def client(worlds: Worlds | None = None) -> httpx.AsyncClient:
    shell = httpx.ASGITransport(App(worlds or Worlds(make())))
    return httpx.AsyncClient(transport=shell, base_url="http://127.0.0.1:8080")


@pytest.mark.slow
async def test_a_world_is_made_used_and_removed() -> None:
    async with client() as http:
        made = await http.post("/_mock/worlds", json=WORLD)
        assert made.status_code == 201
        world = made.json()
        assert (world["name"], world["scenario"], world["now"]) == ("gw0", "sandbox", "2025-06-15T12:00:00.000+02:00")
        assert world["owners"] == [{"email": OWNER, "password": "MyPass123!"}]
        api, app = world["clients"]
        assert (api["flow"], app["flow"]) == ("custom", "code")
        assert app["redirect_uris"] == ["http://localhost:8000/callback"]
        form = {"grant_type": "client_credentials", "client_id": api["client_id"], "client_secret": "wrong"}
        assert (await http.post("/oauth2/token", data=form)).status_code == 401
        answer = await http.post("/oauth2/token", data=form | {"client_secret": api["client_secret"]})
        bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
        assert (await http.post(f"/_mock/worlds/gw0/consents/{OWNER}/accept")).status_code == 200
        assert len((await http.get("/v1/plants", headers=bearer)).json()["plants"]) == 9
        assert len((await http.get("/_mock/worlds/gw0/requests")).json()) == 3
        assert (await http.get("/_mock/requests")).json() == []
        assert [item["name"] for item in (await http.get("/_mock/worlds")).json()] == ["default", "gw0"]
        assert (await http.delete("/_mock/worlds/gw0")).status_code == 204
        assert (await http.get("/v1/plants", headers=bearer)).status_code == 401
        gone = await http.get("/_mock/worlds/gw0/clock")
        assert (gone.status_code, "POST /_mock/worlds" in gone.json()["detail"]) == (404, True)


async def test_a_fork_has_what_its_world_has_become_and_its_own_clients() -> None:
    async with client() as http:
        await http.post(f"/_mock/consents/{OWNER}/accept")
        await http.post("/_mock/clock/advance", json={"duration": "P3D"})
        made = await http.post("/_mock/worlds", json={"name": "gw1", "from": "default"})
        assert made.status_code == 201
        fork = made.json()
        assert fork["now"].startswith("2025-06-18T12:00")
        api = fork["clients"][0]
        form = {"grant_type": "client_credentials", "client_id": "demo_api-gw1", "client_secret": api["client_secret"]}
        token = (await http.post("/oauth2/token", data=form)).json()["access_token"]
        bearer = {"authorization": f"Bearer {token}"}
        assert len((await http.get("/v1/plants", headers=bearer)).json()["plants"]) == 9
        await http.post(f"/_mock/worlds/gw1/consents/{OWNER}/revoke")
        states = [item["state"] for item in (await http.get("/_mock/consents")).json()]
        assert states[0] == "Accepted"


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"from": "nowhere"}, 404, "there is no world 'nowhere'"),
        ({"from": "default", "seed": 1}, 400, "leave out seed"),
        ({"from": "default", "name": "default"}, 409, "already"),
        ({"name": "default"}, 409, "already"),
        ({"name": "a/b"}, 400, "not a valid world name"),
        ({"name": 5}, 422, "name"),
        ({"scenario": "sandbx"}, 422, "did you mean 'sandbox'"),
        ({"scenario": "../../etc/passwd"}, 422, "no scenario"),
        ({"scenario": "/etc/passwd"}, 422, "no scenario"),
        ({"scenario": {"version": 1, "name": "x", "plnats": []}}, 422, "plnats"),
        ({"now": "noon"}, 400, "ISO 8601"),
        ({"rate": -1}, 422, "rate"),
        ({"colour": "red"}, 422, "colour"),
        ([], 422, "body"),
    ],
)
async def test_a_wish_with_mistakes_makes_no_world(body: Any, status: int, text: str) -> None:
    async with client() as http:
        answer = await http.post("/_mock/worlds", json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert text in answer.json()["detail"]
        assert len((await http.get("/_mock/worlds")).json()) == 1


async def test_worlds_from_documents_and_with_defaults() -> None:
    async with client() as http:
        document = {"version": 1, "name": "mine", "clients": [{"id": "one", "secret": "s", "flow": "custom"}]}
        made = (await http.post("/_mock/worlds", json={"scenario": document, "seed": 3, "rate": 0})).json()
        assert (made["name"], made["scenario"], made["seed"]) == ("world-1", "mine", 3)
        assert [item["client_id"] for item in made["clients"]] == ["one-world-1"]
        assert (await http.post("/_mock/worlds", json={})).json()["scenario"] == "sandbox"


async def test_removing_what_cannot_be_removed_and_too_many() -> None:
    async with client(Worlds(make(), limit=1)) as http:
        assert (await http.delete("/_mock/worlds/default")).status_code == 409
        assert (await http.delete("/_mock/worlds/none")).status_code == 404
        await http.post("/_mock/worlds", json=WORLD)
        full = await http.post("/_mock/worlds", json=WORLD | {"name": "gw1"})
        assert (full.status_code, "which is the limit" in full.json()["detail"]) == (409, True)


async def test_health_of_one_world_is_asked_under_its_name() -> None:
    async with client() as http:
        await http.post("/_mock/worlds", json=WORLD | {"scenario": "ennexos"})
        assert (await http.get("/_mock/worlds/gw0/health")).json()["status"] == "ok"
        assert (await http.get("/_mock/worlds/gw0/ready")).json()["scenario"] == "ennexos"
        assert (await http.get("/_mock/ready")).json()["scenario"] == "sandbox"
        assert (await http.get("/_mock/worlds/gw1/health")).status_code == 404


def act(url: str, number: int) -> list[str]:
    """Use a world of one's own and return what is wrong with what it shows."""
    base = f"{url}/_mock/worlds/w{number}"
    wrong: list[str] = []

    def check(fits: bool, what: object) -> None:
        if not fits:
            wrong.append(f"w{number}: {what}")

    with httpx.Client(trust_env=False, timeout=60) as http:
        now = f"2025-06-{1 + number % 28:02}T12:00:00+02:00"
        scenario = ("sandbox", "ennexos", "classic")[number % 3]
        made = http.post(f"{url}/_mock/worlds", json={"name": f"w{number}", "scenario": scenario, "now": now}).json()
        api = next(item for item in made["clients"] if item["flow"] == "custom")
        form = {
            "grant_type": "client_credentials",
            "client_id": api["client_id"],
            "client_secret": api["client_secret"],
        }
        answer = http.post(f"{url}/oauth2/token", data=form).json()
        bearer = {"authorization": f"Bearer {answer['access_token']}"}
        for owner in made["owners"]:
            http.post(f"{base}/consents/{owner['email']}/{'accept' if number % 2 else 'reject'}")
        if number % 5 == 0:
            http.post(f"{base}/faults", json={"match": {"path": "/v1/plants"}, "effect": {"status": 503}, "times": 1})
        http.post(f"{base}/clock/advance", json={"seconds": number})
        statuses = [http.get(f"{url}/v1/plants", headers=bearer).status_code for _ in range(3)]
        check(statuses == [503 if number % 5 == 0 else 200, 200, 200], statuses)
        plants = http.get(f"{url}/v1/plants", headers=bearer).json()["plants"]
        check(bool(plants) is bool(number % 2) or scenario != "sandbox", plants)
        seconds = int(http.get(f"{base}/clock").json()["now"][17:19])
        check(seconds == number % 60, seconds)
        entries = http.get(f"{base}/requests").json()
        check({item["client_id"] for item in entries} == {api["client_id"]}, entries)
        check(len(entries) == 5, len(entries))
        clients = {item["client_id"] for item in http.get(f"{base}/consents").json()}
        check(all(name.endswith(f"-w{number}") for name in clients), clients)
        check(http.get(f"{base}/scenario").json()["name"] == scenario, scenario)
    return wrong


@pytest.mark.slow
def test_50_worlds_from_16_threads_never_see_one_another() -> None:
    world: Sandbox = make()
    with LiveServer(world) as server, ThreadPoolExecutor(16) as pool:
        wrong = [line for lines in pool.map(lambda number: act(server.url, number), range(50)) for line in lines]
        assert wrong == []
        assert (world.requests.total, len(world.consents), len(world.faults)) == (0, 0, 0)
        assert world.clock.isoformat() == "2025-06-15T12:00:00.000+02:00"
