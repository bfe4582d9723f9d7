"""Rules of faults: when they are in force, by what chance, how long they delay, and what no rule can do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.actions import AddFault, ClearFaults
from mock_sma.domain.faults import FaultKind, Schedule
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.errors import ScenarioError, UsageError
from mock_sma.fault_rules.document import document_of, rule_of
from mock_sma.sandbox.world import faults
from tests.examples import examples
from tests.facts import NOW
from tests.sandbox.asking import PLANTS, faulty
from tests.sandbox_helpers import ask


def test_a_rule_is_in_force_in_its_time_of_the_emulators_clock() -> None:
    schedule = {"from": "2025-06-15T12:01:00+02:00", "until": "2025-06-15T12:02:00+02:00"}
    asker = faulty({"effect": {"status": 500}, "schedule": schedule})
    seen = []
    for _ in range(4):
        seen += asker.statuses(1)
        asker.world.clock.advance(seconds=45)
    assert seen == [200, 200, 500, 200]


EDGES = [f"2025-06-15T12:0{minute}:00+02:00" for minute in range(4)]


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, Any]:
    begin, end = sorted(draw(st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True)))
    kind = draw(st.sampled_from(["open", "from", "until", "both", "repeated"]))
    parts = {"from": begin} if kind in ("from", "both", "repeated") else {}
    parts |= {"until": end} if kind in ("until", "both") else {}
    return parts | ({"duration": "PT30S", "every": "PT1M"} if kind == "repeated" else {})


@pytest.mark.slow
@examples(60)
@given(
    st.lists(schedules(), max_size=3),
    st.lists(st.tuples(st.integers(-60, 240), st.sampled_from([0.0, -3e-7, 3e-7, 30.0])), max_size=8),
)
def test_whether_rules_are_in_force_is_what_their_spans_say(
    spans: list[dict[str, Any]], moments: list[tuple[int, float]]
) -> None:
    book = faulty(*({"effect": {"status": 500}, **({"schedule": span} if span else {})} for span in spans)).world.faults
    for seconds, beside in moments:
        moment = datetime.fromisoformat(EDGES[0]).timestamp() + seconds + beside
        at = datetime.fromtimestamp(moment, UTC)
        holds = [fault.rule.schedule is None or fault.rule.schedule.holds(at) for fault in book.active]
        assert book.in_force(moment) is any(holds)
        if seconds % 7 == 0 and len(book):
            book.remove(next(iter(book)).id)


def test_spans_are_looked_at_when_one_begins_or_ends_not_at_each_request(monkeypatch: pytest.MonkeyPatch) -> None:
    asker = faulty({"effect": {"status": 500}, "schedule": {"from": EDGES[1], "until": EDGES[2]}})
    looks: list[datetime] = []
    holds = Schedule.holds
    monkeypatch.setattr(Schedule, "holds", lambda self, now: [looks.append(now), holds(self, now)][1])
    asker.world.clock.set(EDGES[0])
    assert asker.statuses(20) == [200] * 20
    assert len(looks) == 1


@pytest.mark.slow
def test_chance_is_seeded_and_near_its_share() -> None:
    def story(seed: int) -> list[int]:
        return faulty({"effect": {"status": 500}, "probability": 0.3}, seed=seed).statuses(400)

    assert story(1) == story(1) != story(2)
    assert 80 < story(1).count(500) < 160


def test_probability_0_never_strikes_and_uses_no_times() -> None:
    asker = faulty({"effect": {"status": 500}, "probability": 0, "times": 1})
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
    asker = faulty({"effect": {"delay": delay}})
    seconds = [reply.effect.delay for reply in (asker.get() for _ in range(300)) if reply.effect is not None]
    assert len(seconds) == 300
    assert low <= min(seconds) <= max(seconds) <= high
    if high < 3600:
        assert middle * 0.85 < median(seconds) < middle * 1.15


def test_rules_are_removed_one_by_one_and_all_at_once() -> None:
    asker = faulty({"effect": {"status": 500}}, {"effect": {"status": 501}})
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
    asker = faulty()
    with pytest.raises(ScenarioError, match="did you mean 'connection_reset'"):
        asker.world.faults.add({"effect": {"fault": "connection_rest"}})
    assert len(asker.world.faults) == 0


def test_rules_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MAX_RULES", 1)
    asker = faulty({"effect": {"status": 500}})
    with pytest.raises(UsageError, match="at most"):
        asker.world.faults.add({"effect": {"status": 500}})


def test_a_scenarios_rules_are_in_force_from_the_start_and_after_reset() -> None:
    rule = rule_of({"effect": {"status": 503}, "times": 1})
    world = Sandbox(replace(load_scenario("sandbox"), faults=(rule,)), seed=5)
    for _ in range(2):
        assert [ask(world, "GET", PLANTS).status for _ in range(2)] == [503, 401]
        world.faults.add({"effect": {"status": 500}})
        world.reset()


def test_a_timeline_adds_rules_and_takes_them_back() -> None:
    rule = rule_of({"effect": {"status": 503}})
    entries = (
        TimelineEntry(action=AddFault(rule=rule), after=timedelta(hours=1)),
        TimelineEntry(action=ClearFaults(), after=timedelta(hours=2)),
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


@pytest.mark.slow
@examples(60)
@given(RULES)
def test_a_rule_and_its_document_are_the_same(document: dict[str, Any]) -> None:
    rule = rule_of(document)
    assert rule_of(document_of(rule)) == rule
    assert orjson.loads(orjson.dumps(document_of(rule))) == document_of(rule)


@pytest.mark.slow
@examples(25)
@given(st.lists(RULES, max_size=4))
def test_no_rule_makes_a_world_fail_and_times_are_kept(rules: list[dict[str, Any]]) -> None:
    asker = faulty(*rules)
    for path in (PLANTS, "/nothing", PLANTS + "/13"):
        reply = asker.get(path)
        assert reply.header(b"content-length") == b"%d" % len(reply.body)
    assert all(fault.remaining is None or fault.remaining >= 0 for fault in asker.world.faults)
