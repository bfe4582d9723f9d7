"""bc-authorize: the request, its state and the simulated owner (R14)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.domain.people import Client
from mock_sma.domain.scenario import LoginHintPolicy
from mock_sma.sandbox.sandbox import Sandbox
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import BC, ask, content, make, shipped, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply


@pytest.fixture
def world() -> Sandbox:
    return make()


def post(world: Sandbox, email: object = OWNER, **more: Any) -> Reply:
    return ask(world, "POST", BC, json={"loginHint": email, **more}, bearer=tokens(world)["access_token"])


def read(world: Sandbox, path: str = OWNER) -> Reply:
    return ask(world, "GET", f"{BC}/{path}", bearer=tokens(world)["access_token"])


def put(world: Sandbox, body: object, path: str = OWNER, **more: Any) -> Reply:
    return ask(world, "PUT", f"{BC}/{path}/status", json=body, bearer=tokens(world)["access_token"], **more)


def switched(**switches: Any) -> Sandbox:
    scenario = shipped("sandbox")
    return Sandbox(replace(scenario, switches=replace(scenario.switches, **switches)), now=NOW, seed=5)


def test_answer_has_four_members_in_the_recorded_order_and_form(world: Sandbox) -> None:
    reply = post(world)
    assert reply.status == 201
    body = content(reply)
    assert list(body) == ["loginHint", "state", "expirationDate", "interval"]
    assert (body["loginHint"], body["state"], body["interval"]) == (OWNER, "Pending", 1800)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", body["expirationDate"])
    assert body["expirationDate"] == "2025-06-22T10:00:00.0000000Z"
    assert content(read(world)) == body


def test_post_is_idempotent_and_further_members_are_ignored(world: Sandbox) -> None:
    first = content(post(world))
    world.clock.advance(hours=1)
    assert content(post(world, scope="x", bindingMessage={})) == first
    put(world, {"state": "Accepted"})
    again = post(world)
    assert (again.status, content(again)) == (201, first | {"state": "Accepted"})
    assert len(world.consents) == len(world.mailbox) == 1


@pytest.mark.parametrize("spelling", [OWNER.lower(), OWNER.upper(), OWNER.replace("@", "%40"), OWNER + "/"])
def test_email_matches_in_any_case_raw_or_encoded_and_is_echoed_as_first_sent(world: Sandbox, spelling: str) -> None:
    post(world)
    assert content(read(world, spelling))["loginHint"] == OWNER
    assert content(post(world, OWNER.upper()))["loginHint"] == OWNER


@pytest.mark.parametrize("state", ["Rejected", "Revoked"])
def test_closed_record_is_followed_by_a_new_one(world: Sandbox, state: str) -> None:
    post(world)
    if state == "Revoked":
        put(world, {"state": "Accepted"})
    assert content(put(world, {"state": state}))["state"] == state
    assert content(read(world))["state"] == state
    assert content(post(world))["state"] == "Pending"
    assert len(world.consents) == 2


def test_unanswered_request_expires_after_seven_days_and_can_be_made_anew(world: Sandbox) -> None:
    post(world)
    world.clock.advance(days=7, seconds=-1)
    assert content(read(world))["state"] == "Pending"
    world.clock.advance(seconds=1)
    assert content(read(world))["state"] == "Expired"
    assert put(world, {"state": "Accepted"}).status == 404
    assert content(post(world))["state"] == "Pending"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *(("Accepted", "Accepted"), ("accepted", "Accepted"), ("ACCEPT", "Accepted")),
        *(("Rejected", "Rejected"), ("reject", "Rejected")),
    ],
)
@pytest.mark.parametrize("member", ["state", "status"])
def test_simulated_owner_answers_by_state_or_status_in_any_case(
    world: Sandbox, member: str, word: str, state: str
) -> None:
    post(world)
    reply = put(world, {member: word})
    assert (reply.status, content(reply)["state"]) == (200, state)
    assert next(iter(world.consents)).history[-1].by == "simulation"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("accepted", "Error converting value \"accepted\" to type 'AuthorizationFlowStatusChangeRequest'."),
        ([], "Error converting value [] to type"),
        ({}, "The state field is required: Accepted, Rejected or Revoked."),
        ({"state": 5}, "The state '5' is none of Accepted, Rejected, Revoked."),
        ({"state": 1}, "The state '1' is none of"),
        ({"state": "Expired"}, "The state 'Expired' is none of"),
    ],
)
def test_wrong_answer_of_the_owner_is_400_in_the_services_words(world: Sandbox, body: object, message: str) -> None:
    post(world)
    reply = put(world, body)
    assert (reply.status, content(reply)["code"]) == (400, "400")
    assert content(reply)["message"].startswith(message)
    assert content(read(world))["state"] == "Pending"


@pytest.mark.parametrize("state", ["Accepted", "Rejected", "Revoked"])
def test_nothing_to_answer_is_404(world: Sandbox, state: str) -> None:
    assert (put(world, {"state": state}).status, read(world).status) == (404, 404)
    post(world)
    put(world, {"state": "Accepted"})
    put(world, {"state": "Revoked"})
    reply = put(world, {"state": state})
    assert (reply.status, content(reply)) == (404, {"message": "Not Found", "code": "404"})


def test_bodies_of_another_kind_are_415_and_broken_ones_400(world: Sandbox) -> None:
    bearer = tokens(world)["access_token"]
    assert ask(world, "POST", BC, form={"loginHint": OWNER}, bearer=bearer).status == 415
    kind = {"content-type": "application/json"}
    assert ask(world, "POST", BC, bearer=bearer, headers=kind).status == 400
    for email in (None, 5, "", " ", "x" * 321):
        reply = post(world, email)
        assert (reply.status, content(reply)["message"]) == (400, "The loginHint field is required.")
    assert len(world.consents) == 0


def test_names_of_members_match_in_any_case_as_in_dotnet(world: Sandbox) -> None:
    bearer = tokens(world)["access_token"]
    assert ask(world, "POST", BC, json={"LoginHint": OWNER}, bearer=bearer).status == 201
    assert content(put(world, {"State": "Accepted"}))["state"] == "Accepted"


@pytest.mark.parametrize("path", ["state", "state/", "State"])
def test_older_address_of_the_simulation_is_served(world: Sandbox, path: str) -> None:
    post(world)
    bearer = tokens(world)["access_token"]
    reply = ask(world, "PUT", f"{BC}/{OWNER}/{path}", json={"status": "accepted"}, bearer=bearer)
    assert (reply.status, content(reply)) == (200, content(read(world)))
    assert content(reply)["state"] == "Accepted"


def test_status_cannot_be_read(world: Sandbox) -> None:
    reply = read(world, f"{OWNER}/status")
    assert (reply.status, reply.header(b"allow")) == (405, b"PUT")


@pytest.mark.parametrize(("simulate", "status"), [(True, 200), (False, 404)])
def test_simulation_on_the_production_host_follows_the_switch(simulate: bool, status: int) -> None:
    world = switched(simulate_on_production=simulate)
    post(world)
    assert put(world, {"state": "Accepted"}, host="async-auth.smaapis.de").status == status
    assert put(world, {"state": "Accepted" if not simulate else "Revoked"}).status == 200


@pytest.mark.parametrize(("policy", "status"), [(LoginHintPolicy.PENDING, 201), (LoginHintPolicy.NOT_FOUND, 404)])
def test_r04_unknown_email_follows_the_switch(policy: LoginHintPolicy, status: int) -> None:
    world = switched(unknown_login_hint=policy)
    assert post(world, "stranger@example.org").status == status
    assert post(world).status == 201


def test_r11_simulated_owner_answers_the_request_of_the_tokens_scopes_only() -> None:
    scenario = shipped("sandbox")
    wide = Client(id="demo_api", secret="demo_secret", scopes=("monitoringApi:read", "gridControlApi:read"))
    world = Sandbox(replace(scenario, clients=(wide,)), now=NOW)
    read_only, control = (tokens(world, scope=scope)["access_token"] for scope in wide.scopes)
    for bearer in (read_only, control):
        assert ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer).status == 201
    path = f"{BC}/{OWNER}"
    assert ask(world, "PUT", f"{path}/status", json={"state": "Accepted"}, bearer=control).status == 200
    states = [content(ask(world, "GET", path, bearer=bearer))["state"] for bearer in (read_only, control)]
    assert states == ["Pending", "Accepted"]


def test_world_holds_a_bounded_number_of_requests(world: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_sma.sandbox.world.consents.records.MAX_CONSENTS", 2)
    assert [post(world, f"{name}@example.org").status for name in "abc"] == [201, 201, 503]
    told = "2 consents exist, which is the limit; POST /_mock/reset removes them"
    assert told in world.requests[-1].why
    assert content(post(world, "d@example.org"))["message"] == told
    assert post(world, "a@example.org").status == 201, "a request that is pending is answered as before"
    assert [record.email for record in world.consents] == ["a@example.org", "b@example.org"], "none is forgotten"


def test_the_consents_in_force_are_looked_through_once_until_one_changes(world: Sandbox) -> None:
    world.consents.accept(OWNER)
    first = world.consents.granted("demo_api", None)
    assert [record.email for record in first] == [OWNER]
    assert world.consents.granted("demo_api", None) is first
    point = world.save()
    world.consents.revoke(OWNER)
    assert world.consents.granted("demo_api", None) == ()
    world.restore(point)
    assert [record.email for record in world.consents.granted("demo_api", None)] == [OWNER]
    twin = world.fork("twin")
    assert [item.email for item in twin.consents.granted(next(iter(twin.clients)), None)] == [OWNER]
