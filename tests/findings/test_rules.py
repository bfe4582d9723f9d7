"""Each rule finds the client that breaks it and no other; careful clients are clean."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.errors import UsageError
from mock_sma.findings import judge
from mock_sma.findings.rules import RULES
from mock_sma.sandbox.world.journal import MAX_ENTRIES
from mock_sma.scenarios import Library
from mock_sma.verdicts.finding import Severity
from tests.findings.bad_clients import BAD
from tests.findings.careful_clients import CAREFUL
from tests.findings.steps import access, opened
from tests.sandbox_helpers import ask, make, token

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.findings.rule import FindingRule
    from mock_sma.sandbox.sandbox import Sandbox

    Story = Callable[[], Sandbox]


@pytest.fixture(scope="module")
def bad() -> Callable[[str], Sandbox]:
    """Return the world that a bad client has used, made once for all tests."""
    return cache(lambda name: BAD[name]())


@pytest.fixture(scope="module")
def careful() -> Sandbox:
    return CAREFUL[0]()


def test_there_is_a_bad_client_for_every_rule() -> None:
    assert {rule.id for rule in RULES} == set(BAD)
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_client_is_found_by_its_rule_and_has_no_other_error(name: str, bad: Callable[[str], Sandbox]) -> None:
    world = bad(name)
    rule = next(item for item in RULES if item.id == name)
    found = world.findings
    mine = [item for item in found if item.id == name]
    assert [item.severity for item in mine] == [rule.severity]
    assert {item.id for item in found.at_least("error")} <= {name}
    assert {item.id for item in found.at_least("warning")} <= {name}, list(map(str, found))
    known = {entry.id for entry in world.requests}
    assert mine[0].entries
    assert set(mine[0].entries) <= known
    assert mine[0].fix == rule.fix


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_test_to_copy_of_a_rule_fails_its_bad_client_only(
    rule: FindingRule, bad: Callable[[str], Sandbox], careful: Sandbox
) -> None:
    space: dict[str, Any] = {"pytest": pytest}
    exec(compile(rule.test, "copied.py", "exec"), space)  # noqa: S102 - ours
    copied = space[f"test_my_client_has_no_{rule.id.replace('-', '_')}"]
    assert copied.pytestmark[0].args == (rule.scenario,)
    assert rule.scenario in Library().names()
    copied(SimpleNamespace(sandbox=careful))
    with pytest.raises(AssertionError):
        copied(SimpleNamespace(sandbox=bad(rule.id)))


@pytest.mark.parametrize("story", CAREFUL, ids=lambda story: story.__name__)
def test_a_careful_client_is_clean(story: Story) -> None:
    story().findings.assert_none(severity="note")


@pytest.mark.parametrize(
    ("name", "fewer"),
    [
        ("token-after-401", 1),
        ("token-per-request", 4),
        ("consent-asked-after-rejection", 1),
        ("closed-plant-asked", 2),
        ("asked-too-soon", 2),
    ],
)
def test_once_is_a_note_at_most(name: str, fewer: int) -> None:
    entries = list(BAD[name]().requests)[:-fewer]
    while any(item.id == name and item.severity is not Severity.NOTE for item in judge(entries)):
        entries.pop()
    assert not judge(entries).at_least("warning")


def test_each_client_is_judged_by_itself() -> None:
    bad, careful = BAD["token-after-401"](), CAREFUL[0]()
    for entry in careful.requests:
        entry.client_id = "another"
    mixed = sorted([*bad.requests, *careful.requests], key=lambda entry: entry.at)
    found = judge(mixed)
    assert [item.client_id for item in found.at_least("warning")] == ["demo_api"]
    assert not found.of("another")


def test_findings_follow_the_journal_and_end_with_it() -> None:
    world = BAD["unknown-set"]()
    assert world.findings
    world.requests.clear()
    assert len(world.findings) == 0
    with pytest.raises(AssertionError, match="unknown-set"):
        BAD["unknown-set"]().findings.assert_none()


def test_an_accelerated_clock_makes_more_time_pass_while_an_answer_is_on_its_way() -> None:
    world = opened()
    bearer = access(world)
    world.faults.add({"effect": {"quota_exhausted": True}, "times": 9})
    for path in ("/v1/plants", "/v1/plants/13", "/v1/plants/24", "/v1/plants/35", "/v1/plants/46"):
        ask(world, "GET", path, bearer=bearer)
        world.clock.advance(seconds=20)
    assert judge(world.requests, rate=0.0).at_least("error")
    assert not judge(world.requests, rate=60.0).at_least("error")


def test_an_owner_who_has_answered_may_be_asked_by_a_new_request() -> None:
    world = BAD["consent-asked-after-rejection"]()
    entries = list(world.requests)
    first = judge(entries[:2])
    assert not first.at_least("note")


def test_an_unknown_severity_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="fatal"):
        make().findings.assert_none(severity="fatal")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["token", "plants", "plant", "day", "old", "query", "none"]), st.sampled_from([0, 1, 60, 400])
    ),
    max_size=30,
)


def play(steps: list[tuple[str, int]]) -> Sandbox:
    world = make()
    world.consents.accept("apiTestUser@apiSandbox.com", "demo_api")
    bearer = access(world)
    paths: dict[str, Any] = {
        "plants": "/v1/plants",
        "plant": "/v1/plants/13",
        "old": "/v1/plants/99999",
        "day": "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-15",
        "query": "/v1/plants?Sort=name",
    }
    for what, seconds in steps:
        if what == "token":
            bearer = access(world)
        elif what == "none":
            token(world, grant_type="client_credentials")
        else:
            ask(world, "GET", paths[what], bearer=bearer)
        world.clock.advance(seconds=seconds)
    return world


@pytest.mark.slow
@given(STEPS)
def test_findings_are_a_pure_function_of_entries(steps: list[tuple[str, int]]) -> None:
    entries = list(play(steps).requests)
    found = judge(entries)
    assert [item.as_dict() for item in judge(entries)] == [item.as_dict() for item in found]
    known = {entry.id: entry for entry in entries}
    for item in found:
        assert {known[name].client_id for name in item.entries} == {item.client_id}
    assert [item.severity.rank for item in found] == sorted(item.severity.rank for item in found)


@pytest.mark.slow
@given(STEPS)
def test_what_comes_later_takes_no_error_back(steps: list[tuple[str, int]]) -> None:
    entries = list(play(steps).requests)
    for cut in range(0, len(entries), 5):
        early = {item.id for item in judge(entries[:cut]).at_least("error")}
        assert early <= {item.id for item in judge(entries).at_least("error")}


@pytest.mark.slow
def test_a_full_journal_is_judged_whole() -> None:
    world = opened()
    bearer = access(world)
    for _ in range(MAX_ENTRIES):
        ask(world, "GET", "/v1/plants?Sort=name", bearer=bearer)
    found = [item for item in world.findings if item.id == "unknown-parameter"]
    assert len(found) == 1
