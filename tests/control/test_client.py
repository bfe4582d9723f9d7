"""The client of the control API: every route, both clients, refusals, and what is documented."""

from __future__ import annotations

import asyncio
import inspect
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.control import AsyncControlClient, ControlClient, ControlError
from mock_sma.errors import MockSmaError
from mock_sma.testing.live import LiveServer
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSOLE = re.compile(r"/_mock/(console|openapi)")
STREAM = "GET /_mock/events"
"""It never ends by itself, so it has tests of its own."""


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


@pytest.fixture
def control(server: LiveServer) -> Iterator[ControlClient]:
    server.sandbox.reset()
    with ControlClient(server.url) as control:
        yield control


def routes() -> set[str]:
    """Return the routes of the control API, once each: of the default world."""
    app = App(Worlds(make()))
    document = app.load().control.openapi()
    found = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    return {route for route in found if "/worlds/{world}/" not in route and not CONSOLE.search(route)}


def used(control: ControlClient, action: Any) -> list[str]:
    """Return the routes that an action asks."""
    seen: list[str] = []
    control._http.event_hooks = {"request": [lambda request: seen.append(f"{request.method} {request.url.path}")]}
    action()
    control._http.event_hooks = {}
    return seen


def everything(control: Any, vendor: httpx.Client) -> None:
    """Use every method once."""
    control.wait_until_ready()
    control.health()
    assert "mock_sma" in control.metrics()
    control.fidelity()
    assert {item["name"] for item in control.scenarios()} >= {"sandbox", "ennexos"}
    document = control.scenario_document()
    assert control.load_scenario(document)["name"] == "sandbox"
    assert control.load_scenario(control.scenario_yaml())["name"] == control.scenario()["name"]
    assert control.load_scenario("sandbox")["plants"] == 9
    control.timeline()
    assert control.let_happen("change_user", email=OWNER, change={"name": "O"})["keys"] == ["name"]
    assert control.open_capsule(control.capsule()) == {
        "scenario": "sandbox",
        "now": control.clock()["now"],
        "consents": 0,
        "requests": 0,
    }
    control.set_clock(now=datetime.fromisoformat(NOW), frozen=True)
    control.advance(timedelta(minutes=1), minutes=3, seconds=30)
    control.advance(duration="PT1M")
    assert control.clock()["now"] == "2025-06-15T12:05:30.000+02:00"
    assert control.set_clock(rate=60)["rate"] == 60
    control.set_clock(now=NOW, frozen=True)
    assert [item["state"] for item in control.accept(OWNER, "demo_api")] == ["Accepted"]
    assert [item["state"] for item in control.revoke(OWNER)] == ["Revoked"]
    assert [item["state"] for item in control.reject(OWNER, "demo_api")] == ["Rejected"]
    with pytest.raises(ControlError, match="nothing to expire"):
        control.expire(OWNER)
    assert len(control.consents()) == 2
    assert control.mailbox() == []
    control.clear_mailbox()
    rule = control.add_fault({"effect": {"status": 503}, "times": 1})
    assert control.fault(rule["id"])["remaining"] == 1
    assert vendor.get("/v1/plants").status_code == 503
    control.remove_fault(rule["id"])
    control.clear_faults()
    assert control.faults() == []
    (exchange,) = control.requests(status=503, path="/v1/*", method="get", limit=5)
    assert "the fault rule" in control.request(exchange["id"])["why"][-1]["text"]
    assert control.requests(since=exchange["id"]) == []
    assert len(control.requests_har(status=503)["log"]["entries"]) == 1
    assert "503 refused" in control.report(limit=5)
    assert control.findings(client_id="nobody") == []
    assert control.coverage()["percent"] > 0
    assert "sarif" in control.findings_as("sarif")
    control.clear_requests()
    assert control.plants()[0]["id"] == "13"
    assert control.patch_plant("13", {"name": "Neu"}, by=OWNER)["name"] == control.plant("13")["name"] == "Neu"
    assert control.add_event("13", {"kind": "gap", "duration": "PT1H"})["events"][-1]["kind"] == "gap"
    rows = "time,power\n2025-06-10T10:00:00,5\n2025-06-10T10:15:00,6\n"
    assert control.put_rows("13", rows, device="16")["devices"][2]["data"][0]["rows"] == 2
    truth = control.truth("13", "2025-06-14")
    assert (truth["unit"], truth["is_final"], truth["now"] == truth["final"] != {}) == ("Wh", True, True)
    made = control.create_world("gw0", scenario="ennexos", now=datetime.fromisoformat("2025-01-01T00:00:00+00:00"))
    world = control.world("gw0")
    world.advance(60)
    assert world.clock()["now"] == "2025-01-01T01:01:00.000+01:00"
    assert world.scenario()["name"] == made["scenario"] == "ennexos"
    assert [item["name"] for item in control.worlds()] == ["default", "gw0"]
    control.delete_world("gw0")
    assert control.create_world("fork", like="default")["name"] == "fork"
    control.delete_world("fork")
    assert control.save("here")["name"] == "here"
    control.restore("here")
    assert [point["name"] for point in control.savepoints()] == ["here"]
    control.delete_savepoint("here")
    control.reset()


@pytest.mark.slow
def test_every_route_is_reached_and_every_method_used(control: ControlClient) -> None:
    asked = used(control, lambda: everything(control, control._http))
    shown = {re.sub(r"\{\w+\}", "[^/]+", route) for route in routes() - {STREAM}}
    missing = [route for route in shown if not any(re.fullmatch(route, item) for item in asked)]
    # Nobody can expire what was answered, so that refusal stands for the route.
    assert missing == []


class Blocking:
    """An asynchronous client whose every call is waited for."""

    def __init__(self, client: AsyncControlClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(*arguments: Any, **options: Any) -> Any:
            result = method(*arguments, **options)
            if isinstance(result, AsyncControlClient):
                return Blocking(result, self._loop)
            return self._loop.run_until_complete(result)

        return call


@pytest.mark.slow
def test_every_method_of_the_asynchronous_client_does_what_the_other_does(server: LiveServer) -> None:
    server.sandbox.reset()
    loop = asyncio.new_event_loop()
    client = AsyncControlClient(server.url)
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as vendor:
        everything(Blocking(client, loop), vendor)
    loop.run_until_complete(client.aclose())
    loop.close()


@pytest.mark.slow
async def test_the_asynchronous_client_works_over_asgi() -> None:
    world = make()
    shell = httpx.ASGITransport(App(Worlds(world)))
    async with AsyncControlClient("http://127.0.0.1:8080", transport=shell) as control:
        assert (await control.wait_until_ready())["scenario"] == "sandbox"
        assert (await control.advance(minutes=5))["now"] == "2025-06-15T12:05:00.000+02:00"
        await control.accept(OWNER)
        assert {item["state"] for item in await control.consents()} == {"Accepted"}
        await control.add_fault({"effect": {"delay": 1}})
        assert (await control.faults())[0]["effect"] == {"delay": 1.0}
        assert (await control.requests(limit=1)) == []
        made = await control.create_world(scenario="sandbox")
        assert (await control.world(made["name"]).clock())["rate"] == 1.0
        with pytest.raises(ControlError) as caught:
            await control.load_scenario("sandbx")
        assert (caught.value.status, "did you mean" in str(caught.value)) == (422, True)


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    def shape(kind: type) -> dict[str, list[str]]:
        members = inspect.getmembers(kind, inspect.isfunction)
        return {name: list(inspect.signature(item).parameters) for name, item in members if name[0] != "_"}

    sync, asynchronous = shape(ControlClient), shape(AsyncControlClient)
    assert sync.pop("close") == asynchronous.pop("aclose")
    assert sync == asynchronous


@pytest.mark.slow
def test_the_journal_is_followed_as_it_grows_and_begins_anew(server: LiveServer, control: ControlClient) -> None:
    vendor, events = control._http, control.events(after=0)
    vendor.get("/v1/plants")
    first = next(events)
    assert (first["event"], [item["path"] for item in first["exchanges"]]) == ("exchanges", ["/v1/plants"])
    control.reset()
    assert next(events) == {"event": "reset", "exchanges": []}
    vendor.get("/monitoring/favicon-32x32.png")  # for a page, which nobody asks about
    vendor.get("/v1/nothing")
    assert [item["path"] for item in next(events)["exchanges"]] == ["/v1/nothing"]
    events.close()
    everything = next(control.events(after=0, assets=True))["exchanges"]
    assert [item["path"] for item in everything] == ["/monitoring/favicon-32x32.png", "/v1/nothing"]
    assert control.requests(assets=True, limit=2)[1]["path"] == "/monitoring/favicon-32x32.png"
    assert [item["path"] for item in control.requests()] == ["/v1/nothing"]
    with pytest.raises(ControlError, match="there is no world 'nowhere'"):
        next(control.world("nowhere").events())


@pytest.mark.slow
@pytest.mark.asyncio
async def test_the_journal_is_followed_by_the_asynchronous_client_too(server: LiveServer) -> None:
    server.sandbox.reset()
    async with AsyncControlClient(server.url) as control:
        await control._http.get("/v1/plants")
        event = await anext(control.events(after=0))
        assert [item["status"] for item in event["exchanges"]] == [401]
        with pytest.raises(ControlError, match="there is no world 'nowhere'"):
            await anext(control.world("nowhere").events())


@pytest.mark.slow
def test_a_refusal_carries_the_problem(control: ControlClient) -> None:
    with pytest.raises(ControlError) as caught:
        control.add_fault({"effect": {"fault": "reset"}})
    assert (caught.value.status, caught.value.problem["status"]) == (422, 422)
    assert "effect.fault" in str(caught.value)
    with pytest.raises(ControlError, match="404"):
        control.world("nowhere").clock()
    with pytest.raises(ControlError, match="no access to plant 13"):
        control.patch_plant("13", {"name": "x"}, by="who@example.org")


def test_an_answer_that_is_no_problem_is_told_as_it_is() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>bad gateway</html>")

    with ControlClient("http://somewhere.example", transport=httpx.MockTransport(answer)) as control:
        with pytest.raises(ControlError, match="502: <html>bad gateway") as caught:
            control.clock()
        assert caught.value.problem == {}
        with pytest.raises(MockSmaError, match="was not ready within 0 s: 502"):
            control.wait_until_ready(timeout=0.0)


def test_a_server_of_somebody_else_is_told() -> None:
    other = httpx.MockTransport(lambda _: httpx.Response(200, text="hello"))
    with (
        ControlClient("http://h.example", transport=other) as control,
        pytest.raises(ControlError, match=r"http://h\.example/_mock/clock is not mock-sma's control API: 'hello'"),
    ):
        control.clock()


def test_a_control_token_is_sent() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization"))
        return httpx.Response(200, json=[])

    with ControlClient("http://h.example", token="t", transport=httpx.MockTransport(answer)) as control:
        control.worlds()
    assert seen == ["Bearer t"]


@pytest.mark.slow
def test_a_server_that_is_not_there_is_waited_for_and_then_told() -> None:
    with (
        ControlClient("http://127.0.0.1:1") as control,
        pytest.raises(MockSmaError, match=r"not ready within 0\.01 s"),
    ):
        control.wait_until_ready(timeout=0.01)
