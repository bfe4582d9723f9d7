"""Worlds beside one another in one process: found by what a request brings, never by a header."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.actions import AddFault, ClearFaults, ConsentAction
from mock_sma.domain.faults import FaultEffect, FaultMatch, FaultRule
from mock_sma.domain.scenario import AutoAnswer, ConsentState, InitialConsent
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.errors import ConflictError, UsageError
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.world.codes import Code
from mock_sma.worlds.own_clients import with_own_clients
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import BC, CLIENT, content, make

SCENARIO = load_scenario("sandbox")


class Time:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def some(count: int = 2, **options: Any) -> Worlds:
    worlds = Worlds(make(), **options)
    for number in range(count):
        worlds.create(SCENARIO, name=f"gw{number}", now=NOW, seed=5)
    return worlds


def request(method: str, path: str, body: str = "", **headers: str) -> Request:
    path, _, query = path.partition("?")
    sent = {name.encode(): value.encode() for name, value in headers.items()}
    if body:
        sent[b"content-type"] = b"application/x-www-form-urlencoded"
    return Request(method, path, query, sent, body.encode())


def token_of(worlds: Worlds, world: Sandbox) -> str:
    client = next(iter(world.clients.values()))
    body = f"grant_type=client_credentials&client_id={client.id}&client_secret={client.secret}"
    reply = worlds.handle(request("POST", "/oauth2/token", body))
    assert reply.status == 200
    return str(content(reply)["access_token"])


def test_a_world_has_clients_of_its_own() -> None:
    first, second = list(some())[1:]
    assert list(first.clients) == ["demo_api-gw0", "demo_app-gw0"]
    secrets = [client.secret for world in (first, second) for client in world.clients.values()]
    assert len({*secrets, "demo_secret"}) == 5
    assert first.clients["demo_app-gw0"].redirect_uris == SCENARIO.clients[1].redirect_uris


class Asked(dict[str, Any]):
    """Clients that tell whether they were looked through."""

    is_asked = False

    def __contains__(self, name: object) -> bool:
        self.is_asked = True
        return super().__contains__(name)


def test_a_token_request_looks_at_the_clients_of_no_other_world() -> None:
    worlds = some(3)
    dashed = worlds.create(SCENARIO, name="gw0-gw1", now=NOW, seed=5)
    others = [world for world in worlds if world not in (dashed, worlds.find("gw1"))][1:]
    for world in others:
        world.clients = Asked(world.clients)
    body = "grant_type=client_credentials&client_id={}&client_secret=wrong"
    assert worlds.pick(request("POST", "/oauth2/token", body.format("demo_api-gw0-gw1"))) is dashed
    assert worlds.pick(request("POST", "/oauth2/token", body.format("demo_api-gw1"))) is worlds.find("gw1")
    assert worlds.pick(request("POST", "/oauth2/token", body.format("demo_api"))) is worlds.default
    assert [world.clients.is_asked for world in others if isinstance(world.clients, Asked)] == [False, False]
    assert worlds.pick(request("POST", "/oauth2/token", body.format("nobody"))) is worlds.default


def test_a_request_is_led_by_its_client_and_then_by_its_token() -> None:
    worlds = some()
    default, first, second = worlds
    for world in (default, first, second):
        token = token_of(worlds, world)
        asked = request("GET", "/v1/plants", authorization=f"Bearer {token}")
        assert worlds.pick(asked) is world
        assert worlds.handle(asked).status == 200
        assert [entry.path for entry in world.requests] == ["/oauth2/token", "/v1/plants"]


def test_a_request_is_led_by_basic_query_code_and_consent_link() -> None:
    worlds = some()
    _, first, second = worlds
    assert worlds.pick(request("POST", "/oauth2/token", authorization="Basic ZGVtb19hcGktZ3cxOng=")) is second
    assert worlds.pick(request("GET", "/oauth2/auth?client_id=demo_app-gw0&state=x")) is first
    code = first.codes.issue(
        Code(client_id="demo_app-gw0", user=OWNER, scopes=(), redirect_uri="x", challenge=None, expires=1.0)
    )
    assert worlds.pick(request("POST", "/oauth2/token", f"code={code}")) is first
    (consent,) = second.consents.reject(OWNER, "demo_api-gw1")
    assert worlds.pick(request("GET", f"/portal/consents/{consent.id}")) is second
    assert worlds.pick(request("GET", "/portal/consents/unknown")) is worlds.default
    assert worlds.pick(request("GET", "/v1/plants", authorization="Bearer nonsense")) is worlds.default


def test_a_login_session_is_led_to_its_world() -> None:
    worlds = some()
    _, first, second = worlds
    page = worlds.handle(request("GET", "/oauth2/auth?client_id=demo_app-gw1&response_type=code"))
    given = page.header(b"set-cookie")
    assert given is not None
    cookie = given.decode().partition(";")[0]
    assert worlds.pick(request("GET", "/portal/third-party-apps", cookie=f"other=1; {cookie}")) is second
    assert worlds.pick(request("GET", "/portal/third-party-apps", cookie="mock_sma_session=none")) is worlds.default
    assert first.requests.total == 0


def test_a_stray_bearer_does_not_outweigh_the_form() -> None:
    worlds = some()
    _, first, second = worlds
    token = token_of(worlds, first)
    asked = request("POST", "/oauth2/token", "client_id=demo_api-gw1", authorization=f"Bearer {token}")
    assert worlds.pick(asked) is second
    other = request("POST", BC, "loginHint=x", authorization=f"Bearer {token}")
    assert worlds.pick(other) is first


def test_the_token_of_a_deleted_world_is_401() -> None:
    worlds = some()
    token = token_of(worlds, list(worlds)[1])
    worlds.delete("gw0")
    asked = request("GET", "/v1/plants", authorization=f"Bearer {token}")
    assert worlds.handle(asked).status == 401
    assert "belongs to another world" in worlds.default.requests[-1].why
    worlds.create(SCENARIO, name="gw0", now=NOW, seed=6)
    assert worlds.handle(asked).status == 401
    worlds.delete("gw0")
    worlds.delete("gw1")
    assert worlds.handle(asked).status == 401


def test_worlds_share_nothing_that_changes() -> None:
    worlds = some()
    default, first, second = worlds
    first.clock.advance(hours=1)
    first.consents.accept(OWNER)
    first.faults.add({"effect": {"status": 503}})
    first.estate.put(replace(first.estate.plants["13"], name="Another"))
    for other in (default, second):
        assert other.clock.isoformat() == "2025-06-15T12:00:00.000+02:00"
        assert (len(other.consents), len(other.faults), len(other.requests)) == (0, 0, 0)
        assert other.estate.plants["13"] == SCENARIO.plants[0]


def test_names_are_checked_and_given() -> None:
    worlds = some(1)
    assert worlds.create(SCENARIO).name == "world-1"
    worlds.create(SCENARIO, name="world-2")
    assert worlds.create(SCENARIO).name == "world-3"
    for taken in ("gw0", "default"):
        with pytest.raises(ConflictError, match="already"):
            worlds.create(SCENARIO, name=taken)
    for wrong in ("", ".", "..", "a/b", "ä", "x" * 65, "a b", "-a", "a\n"):
        with pytest.raises(UsageError, match="not a valid world name"):
            worlds.create(SCENARIO, name=wrong)
    with pytest.raises(ConflictError, match="default world cannot be deleted"):
        worlds.delete("default")
    with pytest.raises(UsageError, match="there is no world 'gw9'"):
        worlds.delete("gw9")
    assert len(worlds) == len(list(worlds)) == 5
    assert worlds.named("default") is worlds.default


def test_worlds_are_bounded_in_number() -> None:
    worlds = some(2, limit=2)
    with pytest.raises(ConflictError, match="there are 2 worlds, which is the limit; delete some, or wait"):
        worlds.create(SCENARIO)
    worlds.delete("gw0")
    assert worlds.create(SCENARIO)


@pytest.mark.slow
def test_a_world_that_nothing_asks_goes_by_itself() -> None:
    time = Time()
    worlds = some(2, max_idle=60, source=time)
    _, first, second = worlds
    token = token_of(worlds, first)
    time.seconds = 50
    worlds.pick(request("GET", "/v1/plants", authorization=f"Bearer {token}"))
    time.seconds = 90
    assert worlds.named("gw1") is None
    assert "was removed: nothing had asked it for 1 minutes" in worlds.unknown("gw1")
    assert worlds.named("gw0") is first
    time.seconds = 200
    assert worlds.pick(request("GET", "/v1/plants", authorization=f"Bearer {token}")) is worlds.default
    assert (list(worlds), second.name) == ([worlds.default], "gw1")


def test_clients_are_renamed_wherever_a_scenario_names_them_and_once_only() -> None:
    def rule(client_id: str | None) -> FaultRule:
        return FaultRule(match=FaultMatch(client_id=client_id), effect=FaultEffect(status=500))

    revoke = ConsentAction(event="revoke", email=OWNER, client_id="demo_api")
    scenario = replace(
        SCENARIO,
        consents=(InitialConsent(email=OWNER, client_id="demo_api"), InitialConsent(email="x@example.org")),
        auto_answers=(AutoAnswer(email=OWNER, answer="accept", after=timedelta(0), client_id="demo_api"),),
        timeline=(
            TimelineEntry(action=revoke, after=timedelta(1)),
            TimelineEntry(action=AddFault(rule=rule("demo_app")), after=timedelta(1)),
            TimelineEntry(action=ClearFaults(), after=timedelta(2)),
        ),
        faults=(rule("demo_api"), rule(None)),
    )
    own = with_own_clients(scenario, "gw0", 1)
    assert [item.client_id for item in own.consents] == ["demo_api-gw0", None]
    assert own.auto_answers[0].client_id == "demo_api-gw0"
    assert own.timeline[0].action == replace(revoke, client_id="demo_api-gw0")
    assert own.timeline[1].action == AddFault(rule=rule("demo_app-gw0"))
    assert own.timeline[2] is scenario.timeline[2]
    assert own.faults == (rule("demo_api-gw0"), rule(None))
    assert with_own_clients(own, "gw0", 1) is own


def test_reset_and_load_keep_a_worlds_own_clients() -> None:
    (_, world) = some(1)
    before = {client.id: client.secret for client in world.clients.values()}
    for change in (world.reset, lambda: world.load(load_scenario("ennexos")), lambda: world.load(world.recreating())):
        change()
        assert {client.id: client.secret for client in world.clients.values()} == before


def test_consents_of_the_scenario_are_given_to_the_worlds_own_clients() -> None:
    worlds = Worlds(make())
    scenario = replace(SCENARIO, consents=(InitialConsent(email=OWNER, client_id="demo_api"),))
    world = worlds.create(scenario, now=NOW)
    assert [(item.client_id, item.state) for item in world.consents] == [("demo_api-world-1", ConsentState.ACCEPTED)]
    asked = request("GET", "/v1/plants", authorization=f"Bearer {token_of(worlds, world)}")
    assert len(content(worlds.handle(asked))["plants"]) == 9
    assert worlds.default.requests.total == 0
    assert CLIENT["client_id"] not in world.clients
