"""Loading scenarios over the control API: by name, as JSON, as YAML; refused ones leave the world as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import Library, dump_scenario, load_scenario, parse_scenario
from mock_sma.worlds.worlds import Worlds
from tests.facts import HOUSEHOLDER, NOW, OWNER
from tests.sandbox.world.happenings.test_timeline_properties import state

if TYPE_CHECKING:
    from pathlib import Path

YAML = {"content-type": "application/yaml; charset=utf-8"}
JSON = {"content-type": "application/json"}
PATH = "/_mock/scenario"


@pytest.fixture
def world() -> Sandbox:
    return Sandbox(load_scenario("sandbox"), now=NOW, seed=7)


def client(world: Sandbox, **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(App(Worlds(world), **options))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080")


@pytest.mark.parametrize("headers", [JSON, YAML, {"content-type": "text/x-yaml"}])
async def test_a_name_alone_loads_a_scenario_of_the_library(world: Sandbox, headers: dict[str, str]) -> None:
    async with client(world) as http:
        answer = await http.put(PATH, content='{"name": "gap-week"}', headers=headers)
        assert (answer.status_code, answer.json()["name"]) == (200, "gap-week")
        assert (await http.get(PATH)).json() == answer.json()
        assert answer.json()["started"] == "2025-03-12T11:00:00.000+00:00"
        assert answer.json()["seed"] == 7


@pytest.mark.parametrize("key", [{"seed": 5}, {"now": "2025-01-01T00:00:00Z"}])
async def test_a_known_name_beside_a_seed_or_a_time_is_no_world_without_plants(
    world: Sandbox, key: dict[str, object]
) -> None:
    async with client(world) as http:
        refused = await http.put(PATH, json={"name": "gap-week", **key})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "name")
        assert "write 'extends' in its place" in refused.json()["detail"]
        assert (await http.put(PATH, json={"extends": "gap-week", **key})).json()["plants"] == 1
        assert (await http.put(PATH, json={"name": "mine", **key})).json()["name"] == "mine"


async def test_a_given_seed_and_start_outlive_changes_that_name_none(world: Sandbox) -> None:
    async with client(world) as http:
        for text, seed, start in (
            ("version: 1\nname: a\nseed: 9\nnow: '2024-01-01T00:00:00Z'\n", 9, "2024-01-01T00:00:00.000+00:00"),
            ("version: 1\nname: b\n", 7, "2025-06-15T10:00:00.000+00:00"),
        ):
            answer = (await http.put(PATH, content=text, headers=YAML)).json()
            assert (answer["seed"], answer["started"]) == (seed, start)
            world.clock.advance(hours=1)
            await http.post("/_mock/reset")
            assert (world.seed, world.clock.time()) == (seed, world.started)


@pytest.mark.slow
@pytest.mark.parametrize(("form", "headers"), [("document", JSON), ("yaml", YAML)])
async def test_what_get_gives_recreates_the_world(world: Sandbox, form: str, headers: dict[str, str]) -> None:
    async with client(world) as http:
        await http.put(PATH, json={"name": "ownership-lost"})
        given = await http.get(PATH, params={"format": form})
        assert given.headers["content-type"].startswith(headers["content-type"].partition(";")[0])
        before = state(world)
        await http.put(PATH, json={"name": "sandbox"})
        assert (await http.put(PATH, content=given.content, headers=headers)).status_code == 200
        assert state(world) == before
        assert (await http.get(PATH, params={"format": form})).content == given.content
    elsewhere = Sandbox(parse_scenario(given.content, format="json" if form == "document" else "yaml"))
    assert (elsewhere.seed, elsewhere.started) == (world.seed, world.started)


REFUSED = [
    (b"version: 1\nplants:\n  - {id: 1, name: A, resolution: 7}\n  - {id: 2, name: B, owner: x@y.zz}\n", YAML, 422),
    (b"version: 1\nversion: 1\n", YAML, 422),
    (b'{"version": 1, "version": 1}', JSON, 422),
    (b'{"name": "sandbix"}', JSON, 422),
    (b'{"name": "../secret"}', JSON, 422),
    (b'{"name": 5}', JSON, 422),
    (b'{"extends": "/etc/passwd"}', JSON, 422),
    (b"[1", JSON, 422),
    (b"", YAML, 422),
    (b"\xff", YAML, 422),
    (b"name: sandbox", {"content-type": "text/plain"}, 415),
    (b"name: sandbox", {}, 415),
    (b"#" * (4 * 1024 * 1024 + 1), YAML, 413),
    (b'{"format": "x"}', JSON, 422),
]


@pytest.mark.parametrize(("content", "headers", "status"), REFUSED, ids=range(len(REFUSED)))
async def test_a_refused_document_leaves_the_world(
    world: Sandbox, content: bytes, headers: dict[str, str], status: int
) -> None:
    world.consents.accept(OWNER)
    before, clock = state(world), world.clock.time()
    async with client(world) as http:
        answer = await http.put(PATH, content=content, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
    assert (state(world), world.clock.time(), world.scenario.name) == (before, clock, "sandbox")


@pytest.mark.slow
async def test_each_mistake_has_its_place_key_and_rule(world: Sandbox) -> None:
    text = (
        "version: 1\nusers: [{email: a@example.org, country: DE}]\nplants:\n"
        "  - {id: 1, name: A, users: [{email: a@example.org, role: guest, owner: true}]}\n"
        "  - {id: x, name: B}\n"
    )
    async with client(world) as http:
        answer = (await http.put(PATH, content=text, headers=YAML)).json()
    assert [(item["line"], item["path"], item["rule"]) for item in answer["errors"]] == [
        (4, "plants[0].users[0].owner", "R01"),
        (5, "plants[1].id", "R19"),
    ]
    assert "4: plants[0].users[0].owner: on ennexOS only" in answer["detail"]


async def test_a_body_without_a_length_is_cut_off_too(world: Sandbox) -> None:
    async def endless() -> Any:
        for _ in range(128):
            yield b"#" * 65_536

    async with client(world) as http:
        assert (await http.put(PATH, content=endless(), headers=YAML)).status_code == 413


@pytest.mark.slow
async def test_a_mounted_directory_gives_names_and_no_way_out_of_it(world: Sandbox, tmp_path: Path) -> None:
    inside, outside = tmp_path / "scenarios", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.yaml").write_text("name: secret\n")
    (inside / "mine.yaml").write_text("# Mine alone.\nname: mine\nextends: no-consent\n")
    (inside / "other.json").write_text(json.dumps({"name": "other", "extends": "mine"}))
    (inside / "no-consent.yaml").write_text("# Hides the shipped one.\nextends: no-consent\nname: hidden\n")
    async with client(world, library=Library([inside])) as http:
        names = {item["name"]: item["description"] for item in (await http.get("/_mock/scenarios")).json()}
        assert (names["mine"], names["no-consent"]) == ("Mine alone.", "Hides the shipped one.")
        assert "sandbox" in names
        for name, loaded in (("mine", "mine"), ("other", "other"), ("no-consent", "hidden")):
            answer = await http.put(PATH, json={"name": name})
            assert (answer.json()["name"], answer.json()["plants"]) == (loaded, 1)
        for name in ("../outside/secret", str(outside / "secret"), ".hidden", "secret", ""):
            assert (await http.put(PATH, json={"name": name})).status_code == 422
        assert (await http.put(PATH, content="extends: mine\nname: sent\n", headers=YAML)).status_code == 200
        refused = await http.put(PATH, content="extends: ../outside/secret.yaml\n", headers=YAML)
        assert refused.status_code == 422


async def test_a_load_that_fails_halfway_leaves_the_world(world: Sandbox) -> None:
    consent = load_scenario("ennexos").consents[0]
    broken = load_scenario({"name": "broken"})
    before, started = state(world), world.started
    world.clock.advance(hours=1)
    with pytest.raises(Exception, match=r"owner@example\.org"):
        world.load(broken.__class__(name="broken", clients=world.scenario.clients, consents=(consent,)))
    assert (state(world), world.started, world.clock.time()) == (before, started, started + 3600)
    assert world.agenda.due == float("inf")


async def test_the_timeline_is_told_as_past_and_coming(world: Sandbox) -> None:
    async with client(world) as http:
        await http.put(PATH, json={"name": "ownership-lost"})
        world.clock.advance(hours=2)
        told = (await http.get("/_mock/timeline")).json()
    common = {"action": "set_owner", "plant": "2200", "email": HOUSEHOLDER}
    assert told == {
        "past": [{"at": "2025-06-15T11:00:00.000+00:00", **common, "by": "timeline", "problem": None}],
        "coming": [{"at": "2025-06-16T10:00:00.000+00:00", **common}],
    }


def test_a_scenario_survives_the_document_that_the_api_gives(world: Sandbox) -> None:
    document = dump_scenario(world.recreating(), "document")
    assert (document["seed"], document["now"]) == (7, NOW)
