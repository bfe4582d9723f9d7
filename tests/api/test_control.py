"""The control API: bodies, problems, and who may use it (docs/control.md)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.api.routes.consents import Verb
from mock_sma.sandbox.exchange import FORM, MAX_BODY, Request
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import BC, ask, tokens


@pytest.fixture
def world() -> Sandbox:
    return Sandbox(load_scenario("sandbox"), now=NOW, seed=7)


def client(world: Sandbox, base: str = "http://127.0.0.1:8080", **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(App(Worlds(world), **options))
    return httpx.AsyncClient(transport=transport, base_url=base)


async def test_clock_is_read_set_and_advanced(world: Sandbox) -> None:
    async with client(world) as http:
        assert (await http.get("/_mock/clock")).json() == {
            "now": "2025-06-15T12:00:00.000+02:00",
            "frozen": True,
            "rate": 0.0,
        }
        moved = await http.post("/_mock/clock/advance", json={"duration": "PT5M"})
        assert moved.json()["now"] == "2025-06-15T12:05:00.000+02:00"
        moved = await http.post("/_mock/clock/advance", json={"seconds": 1.5})
        assert moved.json()["now"] == "2025-06-15T12:05:01.500+02:00"
        put = await http.put("/_mock/clock", json={"now": "2026-01-01T00:00:00Z", "rate": 60, "frozen": True})
        assert put.json() == {"now": "2026-01-01T01:00:00.000+01:00", "frozen": True, "rate": 60.0}
        put = await http.put("/_mock/clock", json={"frozen": False})
        assert (put.json()["frozen"], put.json()["rate"]) == (False, 60.0)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/_mock/clock", "GET, PUT"),
        ("PUT", "/_mock/faults", "GET, POST, DELETE"),
        ("PUT", "/_mock/worlds/default/faults/1", "GET, DELETE"),
        ("POST", "/_mock/plants/13", "GET, PATCH"),
        ("POST", "/_mock/openapi.json", "GET, HEAD"),
        ("DELETE", "/", "GET"),
    ],
)
async def test_rfc_9110_15_5_6_a_405_names_all_methods_of_its_path(
    world: Sandbox, method: str, path: str, allowed: str
) -> None:
    async with client(world) as http:
        answer = await http.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert f"does not take {method}, only {allowed};" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "", {}, 400),
        ("PUT", "", {"frozen": False, "rate": 0}, 400),
        ("PUT", "", {"now": "2025-06-15T12:00:00"}, 400),
        ("PUT", "", {"now": "3000-01-01T00:00:00Z", "rate": 5}, 400),
        ("PUT", "", {"rate": -1}, 422),
        ("PUT", "", {"speed": 1}, 422),
        ("POST", "/advance", {}, 400),
        ("POST", "/advance", {"seconds": 1, "duration": "PT1S"}, 400),
        ("POST", "/advance", {"seconds": -1}, 400),
        ("POST", "/advance", {"duration": "soon"}, 422),
    ],
)
async def test_refused_clock_changes_say_why_and_change_nothing(
    world: Sandbox, method: str, path: str, body: dict[str, Any], status: int
) -> None:
    async with client(world) as http:
        before = (await http.get("/_mock/clock")).json()
        answer = await http.request(method, "/_mock/clock" + path, json=body)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["detail"]
        assert (await http.get("/_mock/clock")).json() == before


@pytest.mark.parametrize(
    ("method", "path", "body", "detail"),
    [
        ("POST", "/clock/advance", {"second": 1}, "body.second: unknown key; did you mean 'seconds'?"),
        ("POST", "/clock/advance", {"by": 1}, "body.by: unknown key; known are duration, seconds"),
        ("POST", "/clock/advance", {"duration": "5min"}, "seconds or an ISO 8601 duration such as PT5M, not '5min'"),
        ("GET", "/requests?limt=1", None, "query.limt: unknown key; did you mean 'limit'?"),
        ("GET", "/clocks", None, "the control API has no /_mock/clocks; /_mock/openapi.json lists all routes"),
        ("GET", "/worlds/gw0/reset", None, "/_mock/worlds/gw0/reset does not take GET"),
        ("DELETE", "/clock", None, "/_mock/clock does not take DELETE"),
    ],
)
async def test_refusals_say_what_would_be_right(
    world: Sandbox, method: str, path: str, body: dict[str, Any] | None, detail: str
) -> None:
    async with client(world) as http:
        answer = await http.request(method, "/_mock" + path, json=body)
    assert answer.is_client_error
    assert detail in answer.json()["detail"]


@pytest.mark.slow
async def test_requests_are_listed_newest_first_filtered_and_explained(world: Sandbox) -> None:
    async with client(world) as http:
        first = await http.get("/v1/plants")
        second = await http.post("/oauth2/token", data={"grant_type": "client_credentials"})
        listed = (await http.get("/_mock/requests")).json()
        assert [item["id"] for item in listed] == [
            answer.headers["x-mock-sma-request-id"] for answer in (second, first)
        ]
        by_path = (await http.get("/_mock/requests", params={"path": "/v1/plants"})).json()
        assert [item["id"] for item in by_path] == [listed[1]["id"]]
        by_status = {"status": second.status_code, "limit": 1}
        assert (await http.get("/_mock/requests", params=by_status)).json() == [listed[0]]
        assert (await http.get("/_mock/requests", params={"client_id": "nobody"})).json() == []
        one = (await http.get(f"/_mock/requests/{listed[1]['id']}")).json()
        assert one["why"]
        assert set(one["why"][0]) == {"kind", "text", "data"}
        assert one["response_body"] == first.text
        missing = await http.get("/_mock/requests/none")
        assert (missing.status_code, missing.json()["title"]) == (404, "Not Found")
        assert (await http.delete("/_mock/requests")).status_code == 204
        assert (await http.get("/_mock/requests")).json() == []


async def test_consents_are_answered_and_listed_with_history(world: Sandbox) -> None:
    client_id = next(iter(world.clients))
    async with client(world) as http:
        answer = await http.post(f"/_mock/consents/{OWNER}/accept", json={"client_id": client_id})
        assert answer.status_code == 200
        (record,) = answer.json()
        assert (record["loginHint"], record["state"], record["client_id"]) == (OWNER, "Accepted", client_id)
        assert [line["event"] for line in record["history"]] == ["request", "accept"]
        assert record in (await http.get("/_mock/consents")).json()
        assert (await http.post(f"/_mock/consents/{OWNER}/revoke")).json()[0]["state"] == "Revoked"
        again = await http.post(f"/_mock/consents/{OWNER}/revoke")
        assert (again.status_code, "nothing to revoke" in again.json()["detail"]) == (409, True)
        assert (await http.post(f"/_mock/consents/{OWNER}/forget")).status_code == 422


@pytest.mark.parametrize(
    ("email", "event", "body", "status", "words"),
    [
        *(("nobody", verb, None, 404, f"no user 'nobody'; this world has {OWNER}") for verb in Verb),
        ("asked@example.org", "accept", None, 409, "asked@example.org"),
        ("sales/asked@example.org", "accept", None, 409, "sales/asked@example.org"),
        ("asked@example.org", "revoke", None, 409, "nothing to revoke: asked@example.org has no accepted consent"),
        (OWNER, "accept", {"client_id": "demo"}, 400, "no client 'demo'; this world has demo_api, demo_app"),
        (OWNER, "expire", None, 409, f"nothing to expire: {OWNER} has no pending consent"),
        (OWNER, "accept", {"client": "demo"}, 422, "did you mean 'client_id'?"),
        (OWNER, "forget", None, 422, "'accept', 'reject', 'revoke' or 'expire'"),
    ],
)
async def test_unknown_people_are_404_unknown_clients_400_and_what_cannot_be_409(
    world: Sandbox, email: str, event: str, body: Any, status: int, words: str
) -> None:
    bearer = tokens(world)["access_token"]
    for asked in ("asked@example.org", "sales/asked@example.org"):
        ask(world, "POST", BC, bearer=bearer, json={"loginHint": asked})
    async with client(world) as http:
        answer = await http.post(f"/_mock/consents/{quote(email, safe='')}/{event}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/clock", b"", 422, "a JSON body is missing"),
        ("/clock", b"[]", 422, "has to be a JSON object"),
        ("/clock", b"{", 422, "this is not JSON: "),
        ("/clock", b"\xff\xfe", 422, "this is not JSON: "),
        ("/clock", b"[" * 100_000, 400, "nested too deeply"),
        ("/clock", b'{"rate": ' + b"9" * 5_000 + b"}", 400, "a number has too many digits"),
        ("/scenario", b'{"name": "' + b"a" * 5_000 + b'"}', 422, "no scenario 'aaa"),
        ("/scenario", b'{"name": "a\\u0000"}', 422, "no scenario"),
    ],
)
async def test_bodies_that_cannot_be_read_are_refused_in_words(
    world: Sandbox, path: str, body: bytes, status: int, words: str
) -> None:
    async with client(world) as http:
        answer = await http.put(f"/_mock{path}", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]


@pytest.mark.slow
async def test_mailbox_scenarios_and_reset(world: Sandbox) -> None:
    async with client(world) as http:
        assert (await http.get("/_mock/mailbox")).json() == []
        assert (await http.delete("/_mock/mailbox")).status_code == 204
        assert "sandbox" in [item["name"] for item in (await http.get("/_mock/scenarios")).json()]
        assert (await http.get("/_mock/scenario")).json()["name"] == "sandbox"
        await http.post("/_mock/clock/advance", json={"seconds": 60})
        assert (await http.post("/_mock/reset")).status_code == 204
        assert (await http.get("/_mock/clock")).json()["now"] == "2025-06-15T12:00:00.000+02:00"
        for path in ("/_mock/health", "/_mock/ready"):
            assert (await http.get(path)).json()["status"] == "ok"
        unknown = await http.get("/_mock/nothing")
        assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.slow
async def test_a_body_over_the_bound_is_refused_alike_in_process_and_over_http_and_can_be_asked_about(
    world: Sandbox,
) -> None:
    for size, status in ((MAX_BODY, 400), (MAX_BODY + 1, 413)):
        body = b"a" * size
        headers = {"content-type": "application/x-www-form-urlencoded"}
        inside = world.handle(Request("POST", "/oauth2/token", "", {b"content-type": FORM}, body))
        async with client(world) as http:
            answer = await http.post("/oauth2/token", content=body, headers=headers)
            assert (answer.status_code, answer.content) == (inside.status, inside.body)
            assert answer.status_code == status
            entry = (await http.get(f"/_mock/requests/{answer.headers['x-mock-sma-request-id']}")).json()
            assert entry["status"] == status
    assert "larger than 65536 bytes" in world.requests[-1].why


@pytest.mark.slow
async def test_root_leads_to_a_page_that_exists_and_is_escaped(world: Sandbox) -> None:
    async with client(world) as http:
        page = await http.get("/", follow_redirects=True)
        assert (page.status_code, page.url.path) == (200, "/_mock/console/")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert all(name in page.text for name in world.clients)
    async with client(world, token="t") as http:
        sly = {"host": "a&lt;b", "authorization": "Bearer t"}
        assert "a&lt;b" not in (await http.get("/_mock/console/", headers=sly)).text
        none = {"host": "a<b>c", "authorization": "Bearer t"}
        refused = await http.get("/_mock/console/", headers=none)
        assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")


async def test_a_browser_that_looks_for_an_icon_leaves_journal_and_faults_alone(world: Sandbox) -> None:
    before = len(world.requests)
    world.faults.add({"effect": {"status": 503}, "times": 1})
    for token in (None, "t"):
        async with client(world, token=token) as http:
            assert (await http.get("/favicon.ico")).status_code == 204
    assert len(world.requests) == before
    async with client(world) as http:
        assert (await http.get("/v1/plants")).status_code == 503


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("world.localhost:8080", 200),
        ("[::1]:8080", 200),
        ("192.168.1.7:8080", 200),
        ("emulator:8080", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("", 403),
    ],
)
async def test_control_api_answers_to_names_of_this_machine_only(world: Sandbox, host: str, status: int) -> None:
    async with client(world, allowed_hosts=("emulator",)) as http:
        assert (await http.get("/_mock/health", headers={"host": host})).status_code == status


async def test_foreign_origin_is_refused_and_the_own_one_is_not(world: Sandbox) -> None:
    async with client(world) as http:
        for origin in ("http://evil.example", "null", "http://127.0.0.1:9"):
            answer = await http.post("/_mock/reset", headers={"origin": origin})
            assert (answer.status_code, answer.json()["status"]) == (403, 403)
        own = await http.post("/_mock/reset", headers={"origin": "http://127.0.0.1:8080"})
        assert own.status_code == 204


async def test_control_token_is_wanted_where_one_is_set(world: Sandbox) -> None:
    async with client(world, "http://anywhere.example", token="s3cret") as http:
        for header in ("", "Bearer wrong", "Basic s3cret", "s3cret"):
            answer = await http.get("/_mock/health", headers={"authorization": header})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        right = await http.get("/_mock/health", headers={"authorization": "Bearer s3cret"})
        assert right.status_code == 200
        assert (await http.get("/v1/plants")).json().get("detail") is None
