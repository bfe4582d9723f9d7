"""Faults: which requests a rule strikes, and with what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from mock_sma import load_scenario
from mock_sma.domain.faults import FaultKind
from tests.sandbox.asking import PLANTS, faulty
from tests.sandbox_helpers import ask, token


def test_a_status_comes_in_place_of_the_operation_as_often_as_the_rule_says() -> None:
    asker = faulty({"effect": {"status": 503}, "times": 2})
    assert asker.statuses(4) == [503, 503, 200, 200]
    (fault,) = asker.world.faults
    assert (fault.hits, fault.remaining, fault.as_dict()["remaining"]) == (2, 0, 0)
    assert "the fault rule 'fault-1' answers 503 in place of the API" in asker.world.requests[-3].why


@pytest.mark.parametrize(
    ("effect", "body", "kind"),
    [
        ({"status": 503}, b'{"message":"Service Unavailable","code":"503"}', b"application/json; charset=utf-8"),
        ({"status": 599}, b'{"message":"Error","code":"599"}', b"application/json; charset=utf-8"),
        ({"status": 500, "body": "oops ä"}, "oops ä".encode(), b"text/plain; charset=utf-8"),
        ({"status": 500, "body": {"a": [1]}}, b'{"a":[1]}', b"application/json; charset=utf-8"),
        ({"status": 500, "body": "<p>", "headers": {"Content-Type": "text/html"}}, b"<p>", b"text/html"),
        ({"status": 200}, b"", None),
        ({"status": 204, "body": "none can be"}, b"", None),
        ({"status": 302, "headers": {"Location": "/x"}}, b"", None),
    ],
)
def test_body_and_headers_of_a_status(effect: dict[str, Any], body: bytes, kind: bytes | None) -> None:
    reply = faulty({"effect": effect}).get()
    assert (reply.status, reply.body, reply.header(b"content-type")) == (effect["status"], body, kind)
    length = None if effect["status"] == 204 else b"%d" % len(body)
    assert reply.header(b"content-length") == length
    assert reply.header(b"x-mock-sma-request-id")
    if effect["status"] == 302:
        assert reply.header(b"location") == b"/x"


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        ({}, True),
        ({"path": "/v1/plants"}, True),
        ({"path": "/MONITORING/v1/Plants/"}, True),
        ({"path": "/v1/*"}, True),
        ({"path": "*"}, True),
        ({"path": "/v1/plants/*"}, False),
        ({"path": "/v1/plant"}, False),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"client_id": "demo_api"}, True),
        ({"client_id": "demo_app"}, False),
        ({"method": "GET", "path": "/v1/plants", "client_id": "demo_api"}, True),
    ],
)
def test_match_by_method_path_in_any_layout_and_client(match: dict[str, str], *, struck: bool) -> None:
    asker = faulty({"match": match, "effect": {"status": 418}})
    assert (asker.get().status == 418) is struck
    assert asker.world.requests[-1].client_id == "demo_api"


def test_a_client_is_known_by_form_basic_or_query_before_it_is_checked() -> None:
    asker = faulty({"match": {"client_id": "demo_api"}, "effect": {"status": 503}})
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "wrong"}
    assert token(asker.world, **form).status == 503
    basic = {"authorization": "Basic ZGVtb19hcGk6eA=="}
    assert ask(asker.world, "POST", "/oauth2/token?grant_type=client_credentials", headers=basic).status == 503
    assert ask(asker.world, "GET", "/oauth2/nothing?client_id=demo_api").status == 503
    assert ask(asker.world, "GET", "/oauth2/nothing?client_id=demo_app").status == 404
    for odd in ("Bearer x", "Bearer a.b.c", "Bearer a.W10.c", "Bearer a.eyJhenAiOjF9.c", "Basic !", "Basic eA=="):
        assert ask(asker.world, "GET", PLANTS, headers={"authorization": odd}).status == 401


def test_unknown_paths_can_be_struck_too() -> None:
    asker = faulty({"match": {"path": "/nothing"}, "effect": {"html_504": True}})
    reply = asker.get("/nothing")
    assert (reply.status, reply.header(b"content-type")) == (504, b"text/html; charset=utf-8")
    assert b"504 Gateway Time-out" in reply.body


def test_an_expired_token_strikes_only_where_a_token_is_wanted() -> None:
    asker = faulty({"effect": {"expire_token": True}, "times": 1})
    assert token(asker.world, grant_type="client_credentials", client_id="demo_api", client_secret="x").status == 401
    reply = asker.get()
    assert (reply.status, reply.header(b"www-authenticate")) == (401, b"Bearer")
    assert "lets the token count as expired" in asker.why
    assert asker.get().status == 200


@pytest.mark.parametrize(
    ("scenario", "switch", "wait"),
    [("sandbox", True, b"300"), ("rate-limited", True, b"300"), ("sandbox", False, None)],
)
def test_a_spent_quota(scenario: str, wait: bytes | None, *, switch: bool) -> None:
    asker = faulty({"effect": {"quota_exhausted": True}}, scenario="sandbox")
    start = load_scenario(scenario)
    asker.world.quota.quota = start.quota
    asker.world.switches = replace(start.switches, retry_after=switch)
    reply = asker.get()
    assert (reply.status, reply.header(b"retry-after")) == (429, wait)
    assert "quota" in asker.why


def test_malformed_json_is_cut_off_but_says_its_own_length() -> None:
    asker = faulty({"effect": {"fault": "malformed_json"}})
    reply = asker.get()
    assert reply.header(b"content-length") == b"%d" % len(reply.body)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(reply.body)
    assert ask(asker.world, "GET", "/oauth2/nothing").body == b"{"


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind != "malformed_json"])
def test_what_breaks_below_http_is_left_to_the_transport_and_the_operation_is_carried_out(kind: FaultKind) -> None:
    asker = faulty({"effect": {"fault": kind}})
    reply = asker.get()
    assert reply.effect is not None
    assert (reply.status, reply.effect.fault, reply.effect.spread) == (200, kind, 2.0 if kind == "slow_body" else 0.0)
    assert "fault" in asker.why


def test_a_slow_body_is_spread_over_the_rules_delay() -> None:
    effect = faulty({"effect": {"fault": "slow_body", "delay": 60}}).get().effect
    assert effect is not None
    assert (effect.delay, effect.spread) == (0.0, 60.0)


def test_delays_add_up_and_the_first_other_effect_wins() -> None:
    rules = [{"effect": {"delay": 1}}, {"effect": {"status": 500, "delay": 2}}, {"effect": {"status": 501}}]
    asker = faulty(*rules, {"effect": {"delay": 4}})
    reply = asker.get()
    assert reply.effect is not None
    assert (reply.status, reply.effect.delay) == (500, 7.0)
    assert [fault.hits for fault in asker.world.faults] == [1, 1, 0, 1]
