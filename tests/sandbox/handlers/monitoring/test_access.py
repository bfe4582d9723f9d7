"""Who reads what: tokens, consents, ids, hosts (R12)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.scenario import Switches
from mock_sma.sandbox.exchange import Request
from tests.facts import NOW
from tests.sandbox.asking import Asker, changed, consenting, shipped


def test_r12_no_consent_gives_an_empty_list_and_says_why() -> None:
    client = shipped("sandbox")
    assert client.get("/v1/plants").body == b'{"plants":[]}'
    assert "consent" in client.world.requests[-1].why


@pytest.mark.parametrize("token", [None, "garbage", "a.b.c"])
def test_without_a_valid_token_401_and_a_challenge(client: Asker, token: str | None) -> None:
    headers = {b"authorization": f"Bearer {token}".encode()} if token else {}
    reply = client.world.handle(Request(method="GET", path="/v1/plants", headers=headers))
    assert (reply.status, reply.body) == (401, b'{"message":"Unauthorized","code":"401"}')
    assert reply.header(b"www-authenticate") == b"Bearer"


def test_an_expired_token_is_401_and_the_journal_says_expired() -> None:
    client = consenting(Sandbox(load_scenario("sandbox"), now=NOW))
    client.world.clock.advance(seconds=312)
    assert client.get("/v1/plants").status == 401
    assert "expired 12 s ago" in client.world.requests[-1].why


def test_unknown_ids_are_404_and_ids_without_consent_403(client: Asker) -> None:
    assert client.get("/v1/plants/99999").status == 404
    assert client.get("/v1/devices/99999").status == 404
    closed = shipped("sandbox")
    assert closed.get("/v1/plants/13").body == b'{"message":"Forbidden","code":"403"}'
    assert closed.get("/v1/devices/16").status == 403
    hidden = replace(load_scenario("sandbox"), switches=Switches(forbidden_as=404))
    assert Asker(Sandbox(hidden, now=NOW)).get("/v1/plants/13").status == 404


def test_migrated_ids_answer_308_with_the_new_place() -> None:
    old = "6b1c8e5e-0000-4000-8000-000000000001"
    client = changed(previous_ids=((old, "13"),))
    reply = client.get(f"/v1/plants/{old}/measurements/sets/EnergyBalance/Day?Date=2025-06-14")
    assert (reply.status, reply.body) == (308, b"")
    assert reply.header(b"location") == b"/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"


def test_real_hosts_serve_their_own_layout_only(client: Asker) -> None:
    assert client.get("/v1/plants", host="monitoring.smaapis.de").status == 200
    assert client.get("/monitoring/v1/plants", host="sandbox.smaapis.de").status == 200
    assert client.get("/monitoring/v1/plants", host="monitoring.smaapis.de").status == 404
    assert client.get("/v1/plants", host="basicreporting.smaapis.de").status == 200
    gateway = client.get("/oauth2/v2/bc-authorize/a", host="monitoring.smaapis.de")
    assert (gateway.status, gateway.header(b"content-type")) == (504, b"text/html; charset=utf-8")
    unknown = client.get("/.well-known/openid-configuration", host="auth.smaapis.de")
    assert (unknown.status, unknown.body) == (404, b"")
