"""However the clock comes to a time, the timeline has made the same world of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma import Sandbox, load_scenario
from mock_sma.scenarios import dump_scenario, parse_scenario
from tests.examples import examples

pytestmark = pytest.mark.slow

PEOPLE = ("a@example.org", "b@example.org")
GUIDS = tuple(f"11111111-aaaa-4bbb-8ccc-00000000000{number}" for number in range(2))
PLANTS = ("100", "200", *GUIDS)
DEVICES = ("101", "102", "201")
HOURS = st.integers(0, 40)
SPAN = st.none() | HOURS.map(lambda hours: f"PT{hours}H")


def entry(action: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    when = HOURS.map(lambda hours: f"PT{hours}H")
    return st.fixed_dictionaries({"after": when, "action": st.just(action), **keys}).map(
        lambda made: {name: value for name, value in made.items() if value is not None}
    )


EMAIL, PLANT, DEVICE = st.sampled_from(PEOPLE), st.sampled_from(PLANTS), st.sampled_from(DEVICES)
ENTRIES = st.one_of(
    *(entry(word, email=EMAIL) for word in ("accept", "reject", "revoke", "expire", "register_user")),
    entry("set_owner", plant=PLANT, email=EMAIL, owner=st.booleans()),
    entry("change_owner", plant=PLANT, email=EMAIL),
    entry("gap", plant=PLANT, duration=SPAN),
    entry("fault", plant=st.just("100"), device=st.just("101"), duration=SPAN),
    entry("restore", plant=PLANT),
    entry("migrate", plant=st.sampled_from(GUIDS), to=st.sampled_from(("900", "950"))),
    entry("deactivate_device", device=DEVICE),
    entry("replace_device", device=DEVICE),
    entry("add_fault", rule=st.sampled_from(({"effect": {"status": 500}}, {"effect": {"delay": 2}, "times": 3}))),
    entry("clear_faults"),
    entry("change_quota", requests=st.none() | st.integers(0, 9)),
)


def without_taken_ids(timeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a timeline without migrations to an id that an earlier one has taken, which is refused as it is read."""
    taken: set[str] = set()
    kept = []
    for item in timeline:
        if item.get("to") not in taken:
            kept.append(item)
        taken |= {item["to"]} if "to" in item else set()
    return kept


TIMELINES = st.lists(ENTRIES, max_size=12).map(without_taken_ids)


def state(sandbox: Sandbox) -> Any:
    """Return all that the timeline can change, as values that compare."""
    return (
        sandbox.estate.plants,
        sandbox.estate.users,
        [(record.id, record.state, record.plants, record.history) for record in sandbox.consents],
        sandbox.quota.quota,
        [(fault.id, fault.rule) for fault in sandbox.faults.active],
        list(sandbox.happenings),
    )


def made(timeline: list[dict[str, Any]]) -> Sandbox:
    plants = [{"id": name, "name": "P", "template": "pv-only", "owner": PEOPLE[0]} for name in PLANTS]
    plants[0]["template"] = "household"
    users = [{"email": PEOPLE[0], "country": "DE"}, {"email": PEOPLE[1], "country": "DE", "registered": False}]
    consents = [{"email": PEOPLE[0]}]
    document = {"now": "2025-06-15T00:00:00+02:00", "users": users, "plants": plants, "consents": consents}
    return Sandbox(load_scenario({**document, "timeline": timeline}))


@given(TIMELINES)
@examples(40)
def test_any_timeline_survives_yaml_and_json(timeline: list[dict[str, Any]]) -> None:
    scenario = made(timeline).scenario
    assert parse_scenario(dump_scenario(scenario)) == scenario
    assert parse_scenario(dump_scenario(scenario, "json"), format="json") == scenario


@given(TIMELINES, st.lists(st.integers(1, 20), max_size=5))
@examples(60)
def test_any_jumps_of_the_clock_lead_to_the_same_world(timeline: list[dict[str, Any]], jumps: list[int]) -> None:
    jumping, stepping = made(timeline), made(timeline)
    for hours in jumps:
        jumping.clock.advance(hours=hours)
    for _ in range(sum(jumps)):
        stepping.clock.advance(hours=1)
    assert state(jumping) == state(stepping)
    done = [item.at for item in jumping.happenings]
    assert done == sorted(done)
    due = [jumping.happenings.next_time(item, float("-inf")) for item in jumping.scenario.timeline]
    assert len(done) == sum(at <= jumping.clock.time() for at in due)
    jumping.reset()
    assert state(jumping) == state(made(timeline))
