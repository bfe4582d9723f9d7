"""Fault rules: which request they strike, how often, when, and with what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.fault_document import document_of
from mock_sma.domain.faults import FaultKind, FaultRule
from mock_sma.domain.scenario import TimelineEntry
from mock_sma.errors import ScenarioError, UsageError
from mock_sma.sandbox import faults
from tests.sandbox_helpers import EMAIL, NOW, ask, make, token, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply

PLANTS = "/monitoring/v1/plants"


class Asker:
    """A world whose owner has accepted, and a client with a token."""

    def __init__(self, *rules: Any, **options: Any) -> None:
        self.world = make(**options)
        self.world.consents.accept(EMAIL)
        self.bearer = tokens(self.world)["access_token"]
        for rule in rules:
            self.world.faults.add(rule)

    def get(self, path: str = PLANTS, **more: Any) -> Reply:
        return ask(self.world, "GET", path, bearer=self.bearer, **more)

    def statuses(self, count: int, path: str = PLANTS) -> list[int]:
        return [self.get(path).status for _ in range(count)]

    @property
    def why(self) -> str:
        return self.world.requests[-1].why


def test_a_status_comes_in_place_of_the_operation_as_often_as_the_rule_says() -> None:
    asker = Asker({"effect": {"status": 503}, "times": 2})
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
    reply = Asker({"effect": effect}).get()
    assert (reply.status, reply.body, reply.header(b"content-type")) == (effect["status"], body, kind)
    assert reply.header(b"content-length") == b"%d" % len(body)
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
    asker = Asker({"match": match, "effect": {"status": 418}})
    assert (asker.get().status == 418) is struck
    assert asker.world.requests[-1].client_id == "demo_api"


def test_a_client_is_known_by_form_basic_or_query_before_it_is_checked() -> None:
    asker = Asker({"match": {"client_id": "demo_api"}, "effect": {"status": 503}})
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "wrong"}
    assert token(asker.world, **form).status == 503
    basic = {"authorization": "Basic ZGVtb19hcGk6eA=="}
    assert ask(asker.world, "POST", "/oauth2/token?grant_type=client_credentials", headers=basic).status == 503
    assert ask(asker.world, "GET", "/oauth2/nothing?client_id=demo_api").status == 503
    assert ask(asker.world, "GET", "/oauth2/nothing?client_id=demo_app").status == 404
    for odd in ("Bearer x", "Bearer a.b.c", "Bearer a.W10.c", "Bearer a.eyJhenAiOjF9.c", "Basic !", "Basic eA=="):
        assert ask(asker.world, "GET", PLANTS, headers={"authorization": odd}).status == 401


def test_unknown_paths_can_be_struck_too() -> None:
    asker = Asker({"match": {"path": "/nothing"}, "effect": {"html_504": True}})
    reply = asker.get("/nothing")
    assert (reply.status, reply.header(b"content-type")) == (504, b"text/html; charset=utf-8")
    assert b"504 Gateway Time-out" in reply.body


def test_an_expired_token_strikes_only_where_a_token_is_wanted() -> None:
    asker = Asker({"effect": {"expire_token": True}, "times": 1})
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
    asker = Asker({"effect": {"quota_exhausted": True}}, scenario="sandbox")
    start = load_scenario(scenario)
    asker.world.quota.quota = start.quota
    asker.world.switches = replace(start.switches, retry_after=switch)
    reply = asker.get()
    assert (reply.status, reply.header(b"retry-after")) == (429, wait)
    assert "quota" in asker.why


def test_malformed_json_is_cut_off_but_says_its_own_length() -> None:
    asker = Asker({"effect": {"fault": "malformed_json"}})
    reply = asker.get()
    assert reply.header(b"content-length") == b"%d" % len(reply.body)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(reply.body)
    assert ask(asker.world, "GET", "/oauth2/nothing").body == b"{"


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind != "malformed_json"])
def test_what_breaks_below_http_is_left_to_the_transport_and_the_operation_is_carried_out(kind: FaultKind) -> None:
    asker = Asker({"effect": {"fault": kind}})
    reply = asker.get()
    assert reply.effect is not None
    assert (reply.status, reply.effect.fault, reply.effect.spread) == (200, kind, 2.0 if kind == "slow_body" else 0.0)
    assert "fault" in asker.why


def test_a_slow_body_is_spread_over_the_rules_delay() -> None:
    effect = Asker({"effect": {"fault": "slow_body", "delay": 60}}).get().effect
    assert effect is not None
    assert (effect.delay, effect.spread) == (0.0, 60.0)


def test_delays_add_up_and_the_first_other_effect_wins() -> None:
    rules = [{"effect": {"delay": 1}}, {"effect": {"status": 500, "delay": 2}}, {"effect": {"status": 501}}]
    asker = Asker(*rules, {"effect": {"delay": 4}})
    reply = asker.get()
    assert reply.effect is not None
    assert (reply.status, reply.effect.delay) == (500, 7.0)
    assert [fault.hits for fault in asker.world.faults] == [1, 1, 0, 1]


def test_a_rule_is_in_force_in_its_time_of_the_emulators_clock() -> None:
    schedule = {"from": "2025-06-15T12:01:00+02:00", "until": "2025-06-15T12:02:00+02:00"}
    asker = Asker({"effect": {"status": 500}, "schedule": schedule})
    seen = []
    for _ in range(4):
        seen += asker.statuses(1)
        asker.world.clock.advance(seconds=45)
    assert seen == [200, 200, 500, 200]


def test_chance_is_seeded_and_near_its_share() -> None:
    def story(seed: int) -> list[int]:
        return Asker({"effect": {"status": 500}, "probability": 0.3}, seed=seed).statuses(400)

    assert story(1) == story(1) != story(2)
    assert 80 < story(1).count(500) < 160


def test_probability_0_never_strikes_and_uses_no_times() -> None:
    asker = Asker({"effect": {"status": 500}, "probability": 0, "times": 1})
    assert set(asker.statuses(50)) == {200}
    assert next(iter(asker.world.faults)).remaining == 1


@pytest.mark.parametrize(
    ("delay", "low", "high", "middle"),
    [
        (3, 3, 3, 3),
        ({"distribution": "uniform", "lower": 1, "upper": 2}, 1, 2, 1.5),
        ({"distribution": "lognormal", "median": 2, "sigma": 0.5}, 0.1, 20, 2),
        ({"distribution": "lognormal", "median": 3600, "sigma": 3600}, 0, 3600, 3600),
    ],
)
def test_delays_follow_their_distribution(delay: object, low: float, high: float, middle: float) -> None:
    asker = Asker({"effect": {"delay": delay}})
    seconds = [reply.effect.delay for reply in (asker.get() for _ in range(300)) if reply.effect is not None]
    assert len(seconds) == 300
    assert low <= min(seconds) <= max(seconds) <= high
    if high < 3600:
        assert middle * 0.85 < median(seconds) < middle * 1.15


def test_rules_are_removed_one_by_one_and_all_at_once() -> None:
    asker = Asker({"effect": {"status": 500}}, {"effect": {"status": 501}})
    book = asker.world.faults
    assert [fault.id for fault in book] == ["fault-1", "fault-2"]
    book.remove("fault-1")
    assert asker.get().status == 501
    with pytest.raises(UsageError, match="no fault rule 'fault-1'; there are: fault-2"):
        book.remove("fault-1")
    book.clear()
    assert (asker.get().status, len(book), book.find("fault-2")) == (200, 0, None)
    assert book.add({"effect": {"status": 502}}).id == "fault-3", "an id is never given twice"


def test_a_rule_with_mistakes_is_refused_and_nothing_changes() -> None:
    asker = Asker()
    with pytest.raises(ScenarioError, match="did you mean 'connection_reset'"):
        asker.world.faults.add({"effect": {"fault": "connection_rest"}})
    assert len(asker.world.faults) == 0


def test_rules_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MAX_RULES", 1)
    asker = Asker({"effect": {"status": 500}})
    with pytest.raises(UsageError, match="at most"):
        asker.world.faults.add({"effect": {"status": 500}})


def test_a_scenarios_rules_are_in_force_from_the_start_and_after_reset() -> None:
    rule = {"effect": {"status": 503}, "times": 1}
    world = Sandbox(replace(load_scenario("sandbox"), faults=(rule,)), seed=5)
    for _ in range(2):
        assert [ask(world, "GET", PLANTS).status for _ in range(2)] == [503, 401]
        world.faults.add({"effect": {"status": 500}})
        world.reset()


def test_a_timeline_adds_rules_and_takes_them_back() -> None:
    entries = (
        TimelineEntry(action="add_fault", after=timedelta(hours=1), arguments={"rule": {"effect": {"status": 503}}}),
        TimelineEntry(action="clear_faults", after=timedelta(hours=2)),
    )
    world = Sandbox(replace(load_scenario("sandbox"), timeline=entries), now=NOW)
    seen = []
    for _ in range(3):
        seen.append(ask(world, "GET", PLANTS).status)
        world.clock.advance(hours=1)
    assert seen == [401, 503, 401]


DELAYS = st.one_of(
    st.floats(0, 3600),
    st.builds(
        lambda low, more: {"distribution": "uniform", "lower": low, "upper": low + more},
        st.floats(0, 100),
        st.floats(0, 100),
    ),
    st.builds(
        lambda middle, sigma: {"distribution": "lognormal", "median": middle, "sigma": sigma},
        st.floats(0, 100),
        st.floats(0, 3),
    ),
)
EFFECTS = st.one_of(
    st.fixed_dictionaries({"status": st.integers(200, 599)}, optional={"body": st.text(), "delay": DELAYS}),
    st.sampled_from([{"fault": kind.value} for kind in FaultKind]),
    st.sampled_from([{"expire_token": True}, {"quota_exhausted": True}, {"html_504": True}]),
    st.fixed_dictionaries({"delay": DELAYS}),
)
RULES = st.fixed_dictionaries(
    {"effect": EFFECTS},
    optional={
        "match": st.fixed_dictionaries({}, optional={"method": st.just("GET"), "path": st.sampled_from(["*", "/x"])}),
        "times": st.integers(1, 5),
        "probability": st.floats(0, 1),
        "schedule": st.fixed_dictionaries(
            {}, optional={"from": st.just("2025-01-01T00:00:00+00:00"), "until": st.just("2026-01-01T00:00:00+00:00")}
        ),
    },
)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(RULES)
def test_a_rule_and_its_document_are_the_same(document: dict[str, Any]) -> None:
    rule = FaultRule.from_document(document)
    assert FaultRule.from_document(document_of(rule)) == rule
    assert orjson.loads(orjson.dumps(document_of(rule))) == document_of(rule)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.lists(RULES, max_size=4))
def test_no_rule_makes_a_world_fail_and_times_are_kept(rules: list[dict[str, Any]]) -> None:
    asker = Asker(*rules)
    for path in (PLANTS, "/nothing", PLANTS + "/13"):
        reply = asker.get(path)
        assert reply.header(b"content-length") == b"%d" % len(reply.body)
    assert all(fault.remaining is None or fault.remaining >= 0 for fault in asker.world.faults)
