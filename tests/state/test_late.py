"""Lines of other servers wait until somebody looks, and no longer than the journal would keep them."""

from __future__ import annotations

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request
from mock_sma.state.shared import late
from mock_sma.state.shared.entries import Lines, bytes_of, item_of
from mock_sma.state.shared.lines import Parcel, Unsent


def lines(count: int, counts: int, first: int = 1) -> Lines:
    """Return lines of some of a number of reads, as another server gets them."""
    world = Sandbox(load_scenario("sandbox"), now="2025-06-15T12:00:00+02:00")
    world.requests.total = first - 1
    for _ in range(count):
        world.handle(Request("GET", "/v1/plants"))
    entries = [("default", 7, entry) for entry in world.requests]
    found = item_of(bytes_of(Lines.of(entries, {"default": counts})))
    assert isinstance(found, Lines)
    assert {name: number for name, (number, _) in found.last.items()} == {"default": first + count - 1}
    return found


def test_lines_that_newer_ones_push_out_go_where_they_come_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(late, "monotonic", lambda: now)
    waiting = late.Late()
    for first in (1, 2, 3):
        assert not waiting.add(lines(1, 2_000, first))
    assert [(name, position, entry.number) for name, position, entry in waiting.take()] == [("default", 7, 3)]
    assert waiting.take() == []


def test_lines_that_come_slowly_are_all_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(late, "monotonic", lambda: now)
    waiting = late.Late()
    assert not waiting.add(lines(2, 2_000))
    now = 60.0
    assert waiting.add(lines(2, 2_000, 3))
    assert [entry.number for _, _, entry in waiting.take()] == [1, 2, 3, 4]


def test_lines_of_many_worlds_do_not_wait_without_bound() -> None:
    waiting = late.Late()
    each = lines(1, 1)
    assert [waiting.add(each) for _ in range(late.MOST_WAITING)] == [False] * (late.MOST_WAITING - 1) + [True]


@pytest.mark.slow
def test_lines_that_may_not_have_come_are_sent_again() -> None:
    world = Sandbox(load_scenario("sandbox"), now="2025-06-15T12:00:00+02:00")
    for _ in range(2):
        world.handle(Request("GET", "/v1/plants"))
    unsent = Unsent()
    unsent.add("default", 7, world.requests[0])
    unsent.is_called = True
    parcel = unsent.part()
    assert not unsent
    unsent.add("default", 7, world.requests[1])
    unsent.put_back(parcel)
    unsent.put_back(Parcel(""))
    assert [entry.number for _, _, entry in unsent] == [1, 2]
    assert unsent.counts == {"default": 2}
