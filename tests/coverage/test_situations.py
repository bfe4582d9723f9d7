"""Every situation of the catalogue is met by the test to copy that it comes with, and counted where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.coverage import nothing
from mock_sma.coverage.catalogue import BY_NAME, CATALOGUE, HEAD
from mock_sma.sandbox.world.journal import MAX_ENTRIES
from mock_sma.scenarios import load_scenario
from mock_sma.testing import LiveServer
from mock_sma.testing.remote.line import Line
from mock_sma.testing.remote.sandbox import RemoteSandbox
from mock_sma.verdicts.coverage import Coverage, merged
from tests.facts import NOW
from tests.findings.careful_clients import CAREFUL
from tests.findings.steps import access, opened
from tests.sandbox_helpers import ask, make

if TYPE_CHECKING:
    from mock_sma.testing.given import SmaMock

SPACE: dict[str, Any] = {}
exec(compile(HEAD + "\n\n" + "\n\n".join(item.test for item in CATALOGUE), "copied.py", "exec"), SPACE)  # noqa: S102 - ours


def copied(name: str) -> Any:
    return SPACE[f"test_my_client_meets_{name.replace('-', '_')}"]


@pytest.mark.parametrize(
    "name", [pytest.param(item.name, marks=copied(item.name).pytestmark) for item in CATALOGUE], ids=list(BY_NAME)
)
def test_a_copied_test_meets_its_situation(name: str, sma_mock: SmaMock) -> None:
    assert name not in sma_mock.sandbox.coverage.seen
    copied(name)(sma_mock)
    found = sma_mock.sandbox.coverage
    assert name in found.seen, found.seen
    item = next(item for item in found.situations if item.name == name)
    assert item.seen >= 1
    assert set(item.entries) <= {entry.id for entry in sma_mock.sandbox.requests}


def test_there_are_some_forty_and_a_plain_request_meets_none_of_them_by_chance() -> None:
    assert len(CATALOGUE) >= 40
    assert len(BY_NAME) == len(CATALOGUE)
    world = opened()
    ask(world, "GET", "/v1/plants", bearer=access(world))
    assert world.coverage.seen == set()


def test_statuses_are_counted_by_operation() -> None:
    world = opened()
    bearer = access(world)
    for path in ("/v1/plants", "/v1/plants", "/v1/nothing"):
        ask(world, "GET", path, bearer=bearer)
    ask(world, "GET", "/v1/plants")
    found = world.coverage.operations
    assert found["getPlants"] == {"200": 2, "401": 1}
    assert found["token"] == {"200": 1}
    assert found["other"] == {"404": 1}
    assert found["getPlantLogs"] == {}


def test_coverage_stays_when_the_journal_forgets_and_goes_with_a_reset() -> None:
    world = CAREFUL[1]()
    before = world.coverage
    world.requests.clear()
    assert world.coverage == before
    assert len(world.findings) == 0
    ask(world, "GET", "/v1/plants", bearer="x")
    world.requests.clear()
    assert "token-invalid" in world.coverage.seen
    world.reset()
    assert world.coverage == nothing()


def test_what_was_met_before_a_save_point_and_after_it_is_counted_once_each() -> None:
    world = make()

    def statuses() -> int:
        return world.coverage.operations["other"].get("404", 0)

    ask(world, "GET", "/before")
    point = world.save()
    for number in range(1, 4):
        ask(world, "GET", "/after")
        if number == 2:
            assert statuses() == 3
            world.requests.clear()
        world.restore(point)
        assert len(world.requests) == 1
        assert statuses() == 1 + number
    assert world.fork("twin").coverage.operations["other"] == {}
    world.reset()
    assert statuses() == 0


@pytest.mark.slow
def test_what_a_full_journal_has_forgotten_is_counted_once() -> None:
    world = opened()
    bearer = access(world)
    ask(world, "GET", "/v1/plants/13", bearer="x")
    for number in range(MAX_ENTRIES + 100):
        ask(world, "GET", "/v1/plants", bearer=bearer)
        if number % 700 == 0:
            assert world.coverage.operations["getPlant"] == {"401": 1}
    found = world.coverage
    assert found.operations["getPlants"] == {"200": MAX_ENTRIES + 100}
    assert "token-invalid" in found.seen


COUNTS = st.dictionaries(st.sampled_from(list(BY_NAME)), st.integers(1, 5))


def some(counts: dict[str, int]) -> Coverage:
    document = nothing().as_dict()
    for item in document["situations"]:
        item["seen"] = counts.get(item["name"], 0)
    document["operations"][0]["statuses"] = {"200": sum(counts.values())}
    return Coverage.of(document)


@pytest.mark.slow
@given(COUNTS, COUNTS, COUNTS)
def test_merging_is_the_same_in_any_order(one: dict[str, int], two: dict[str, int], three: dict[str, int]) -> None:
    parts = [some(one), some(two), some(three)]
    forth, back = merged(parts, nothing()), merged(reversed(parts), nothing())
    assert forth == back
    assert forth.seen == set(one) | set(two) | set(three)
    assert Coverage.of(forth.as_dict()) == forth


@pytest.mark.slow
def test_over_http_and_elsewhere() -> None:
    world = make()
    ask(world, "GET", "/v1/plants", bearer="x")
    with LiveServer(world) as server:
        line = Line(server.url)
        found = line.coverage()
        assert {"situations", "operations"} <= set(found)
        assert next(item for item in found["situations"] if item["name"] == "token-invalid")["seen"] == 1
        assert {"id": "getPlants", "statuses": {"401": 1}} in found["operations"]
        line.clear_requests()
        assert line.coverage() == found
        remote = RemoteSandbox(line, load_scenario("sandbox"), now=NOW, own=True)
        assert remote.coverage == nothing()
        remote.close()
