"""The token endpoint and logout: rows of the error table, answer's form, lifetimes, reuse."""

from __future__ import annotations

import base64
from dataclasses import replace

import orjson
import pytest

from mock_sma.domain.scenario import RefreshReuse
from mock_sma.sandbox.sandbox import Sandbox
from tests.facts import NOW
from tests.sandbox_helpers import APP, BC, CLIENT, ask, content, make, shipped, token, tokens

CC = {"grant_type": "client_credentials"}
REFRESH = {"grant_type": "refresh_token"}
CODE = {"grant_type": "authorization_code"}
BAD = "Invalid client or Invalid client credentials"
NO_SERVICE = "Client not enabled to retrieve service account"


@pytest.mark.parametrize(
    ("form", "status", "error", "description"),
    [
        (CLIENT, 400, "invalid_request", "Missing form parameter: grant_type"),
        ({"grant_type": "x", **CLIENT}, 400, "unsupported_grant_type", "Unsupported grant_type"),
        (CC, 400, "invalid_client", "Missing client_id parameter"),
        ({**CC, "client_id": "no"}, 401, "invalid_client", BAD),
        ({**CC, **CLIENT, "client_secret": "no"}, 401, "unauthorized_client", BAD),
        ({**CC, **CLIENT, "scope": "no"}, 400, "invalid_scope", "Invalid scopes: no"),
        ({**CC, **APP}, 401, "unauthorized_client", NO_SERVICE),
        ({**REFRESH, **CLIENT}, 400, "invalid_request", "No refresh token"),
        ({**REFRESH, "refresh_token": "x", **CLIENT}, 400, "invalid_grant", "Invalid refresh token"),
        ({**CODE, "code": "x", **CLIENT}, 400, "unauthorized_client", "Client not allowed to exchange code"),
        ({**CODE, **APP}, 400, "invalid_request", "Missing parameter: code"),
        ({**CODE, "code": "x", **APP}, 400, "invalid_grant", "Code not valid"),
    ],
)
def test_errors_are_keycloaks(form: dict[str, str], status: int, error: str, description: str) -> None:
    reply = token(make(), **form)
    assert reply.status == status
    assert content(reply) == {"error": error, "error_description": description}


def test_answer_has_the_recorded_members_in_their_order() -> None:
    answer = tokens(make())
    assert list(answer) == [
        *("access_token", "expires_in", "refresh_expires_in", "refresh_token", "token_type"),
        *("not-before-policy", "session_state", "scope"),
    ]
    assert (answer["expires_in"], answer["refresh_expires_in"], answer["token_type"]) == (300, 1800, "Bearer")
    assert answer["access_token"].startswith("eyJhbGciOiJSUzI1NiIsInR5cCIgOiAiSldUIiwia2lkIiA")
    payload = answer["access_token"].split(".")[1]
    claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["exp"] - claims["iat"] == 300


def test_credentials_may_come_by_basic_header_or_query_and_a_stray_bearer_is_ignored() -> None:
    world = make()
    basic = "Basic " + base64.b64encode(b"demo_api:demo_secret").decode()
    assert ask(world, "POST", "/oauth2/token", form=CC, headers={"authorization": basic}).status == 200
    query = "/oauth2/token?grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
    assert ask(world, "POST", query).status == 200
    assert ask(world, "POST", "/oauth2/token", form={**CC, **CLIENT}, bearer="stray").status == 200
    for junk in ("Basic !!", "Basic " + base64.b64encode(b"nocolon").decode()):
        assert ask(world, "POST", "/oauth2/token", form=CC, headers={"authorization": junk}).status == 400


def test_json_body_is_415_and_a_repeated_parameter_400() -> None:
    world = make()
    assert ask(world, "POST", "/oauth2/token", json={**CC, **CLIENT}).status == 415
    reply = ask(world, "POST", "/oauth2/token?grant_type=a&grant_type=b")
    assert content(reply) == {"error": "invalid_request", "error_description": "duplicated parameter"}


def test_access_token_expires_on_the_emulators_clock() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    world.clock.advance(seconds=299)
    assert ask(world, "GET", BC + "/nobody", bearer=bearer).status == 404
    world.clock.advance(seconds=1)
    reply = ask(world, "GET", BC + "/nobody", bearer=bearer)
    assert (reply.status, reply.header(b"www-authenticate")) == (401, b"Bearer")
    assert "expired" in world.requests[-1].why


def refresh(world: Sandbox, given: str, client: dict[str, str] = CLIENT) -> tuple[int, str]:
    reply = token(world, **REFRESH, refresh_token=given, **client)
    body = content(reply)
    return reply.status, body.get("refresh_token") or body["error_description"]


def test_refresh_token_expires_after_1800_seconds() -> None:
    world = make()
    given = tokens(world)["refresh_token"]
    world.clock.advance(seconds=1800)
    assert refresh(world, given) == (400, "Token is not active")


@pytest.mark.parametrize(
    ("reuse", "at_once", "after_use_of_the_newer"),
    [(RefreshReuse.GRACE, 200, 400), (RefreshReuse.STRICT, 400, 400), (RefreshReuse.ALLOWED, 200, 200)],
)
def test_reuse_of_a_refresh_token_follows_the_switch(
    reuse: RefreshReuse, at_once: int, after_use_of_the_newer: int
) -> None:
    scenario = shipped("sandbox")
    switches = replace(scenario.switches, refresh_reuse=reuse)
    world = Sandbox(replace(scenario, switches=switches), now=NOW, seed=5)
    first = tokens(world)["refresh_token"]
    status, second = refresh(world, first)
    assert (status, second != first) == (200, True)
    assert refresh(world, first)[0] == at_once
    assert refresh(world, second)[0] == 200
    assert refresh(world, first)[0] == after_use_of_the_newer


def test_tokens_belong_to_their_kind_client_and_world() -> None:
    world = make()
    given = tokens(world)
    assert refresh(world, given["access_token"]) == (400, "Invalid refresh token")
    assert "don't match" in refresh(world, given["refresh_token"], APP)[1]
    other = make(name="other")
    assert refresh(other, given["refresh_token"])[0] == 400
    assert ask(other, "GET", BC + "/x", bearer=given["access_token"]).status == 401


def test_logout_ends_the_session_but_not_the_access_token() -> None:
    world = make()
    given = tokens(world)
    path = "/oauth2/logout"
    assert ask(world, "POST", path, form=CLIENT).status == 400
    reply = ask(world, "POST", path, form={**CLIENT, "refresh_token": given["refresh_token"]})
    assert (reply.status, reply.body) == (204, b"")
    assert refresh(world, given["refresh_token"]) == (400, "Session not active")
    assert ask(world, "GET", BC + "/nobody", bearer=given["access_token"]).status == 404


def test_reset_forgets_sessions() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    world.reset()
    assert ask(world, "GET", BC + "/x", bearer=bearer).status == 401
    assert "reset" in world.requests[-1].why
