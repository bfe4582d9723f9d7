"""What servers of one machine see of their log, and how they count requests together."""

from __future__ import annotations

from errno import ENOLCK
from fcntl import LOCK_EX, LOCK_UN
from threading import Thread

import pytest

from mock_sma.state.local import Page
from mock_sma.state.local.page import SLOTS


def test_a_read_has_time_and_number_where_nothing_has_come() -> None:
    page = Page()
    page.tell(7, is_held=False)
    before = page.now()
    found = [page.glance(7, "default", 0) for _ in range(3)]
    assert [item and item[1] for item in found] == [1, 2, 3]
    assert all(item is not None and item[0] >= before for item in found)
    assert page.glance(6, "default", 3) is None
    page.tell(7, is_held=True)
    assert page.glance(7, "default", 3) is None  # somebody changes worlds by hand


def test_worlds_are_counted_one_by_one_and_from_what_is_known() -> None:
    page = Page()
    assert page.numbers([("a", 2, 0), ("b", 1, 10)], is_known=True) == {"a": 1, "b": 11}
    assert page.numbers([("a", 1, 99)], is_known=False) == {"a": 3}
    page.count([("a", 0, 40), ("b", 0, -1)])
    assert page.numbers([("a", 1, 0), ("b", 1, 0)], is_known=True) == {"a": 41, "b": 1}
    page.clear()
    assert page.numbers([("a", 1, 0)], is_known=True) == {"a": 1}


@pytest.mark.slow
def test_worlds_that_are_no_more_make_room() -> None:
    page = Page()
    page.numbers([("default", 5, 0)], is_known=True)
    for number in range(SLOTS + 100):
        assert page.numbers([(f"w{number}", 1, 0)], is_known=True) == {f"w{number}": 1}
        page.count([(f"w{number}", 0, -1)])
    assert page.numbers([("default", 1, 0)], is_known=True) == {"default": 6}


def test_a_world_that_was_never_counted_here_goes_on_from_what_who_asks_knows() -> None:
    page = Page()
    assert page.numbers([("a", 1, 300)], is_known=False) == {"a": 301}
    assert page.numbers([("a", 1, 900)], is_known=False) == {"a": 302}


def test_a_world_that_goes_on_is_not_counted_back() -> None:
    page = Page()
    page.numbers([("a", 5, 0)], is_known=True)
    page.count([("a", 1, 3)])
    assert page.numbers([("a", 1, 0)], is_known=True) == {"a": 6}
    page.count([("a", 0, 3)])
    assert page.numbers([("a", 1, 0)], is_known=True) == {"a": 4}


@pytest.mark.slow
def test_more_worlds_than_there_is_room_for_are_counted_all_the_same() -> None:
    page = Page()
    for number in range(SLOTS + 2):
        assert page.numbers([(f"w{number}", 1, 0)], is_known=True) == {f"w{number}": 1}
    assert len(page._keys) <= SLOTS


def test_time_is_not_before_what_is_in_the_file() -> None:
    page = Page()
    later = page.now() + 10**12
    page.begin(later)
    assert page.now() >= later


@pytest.mark.parametrize("refused", [LOCK_EX, LOCK_UN])
def test_a_lock_that_the_system_refuses_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    page = Page()

    def lockf(file: int, operation: int) -> None:
        if operation == refused:
            raise OSError(ENOLCK, "No locks available")

    monkeypatch.setattr("mock_sma.state.local.page.lockf", lockf)
    with pytest.raises(OSError, match="No locks"):
        page.numbers([("a", 1, 0)], is_known=True)
    monkeypatch.undo()
    found: list[object] = []
    thread = Thread(target=lambda: found.append(page.numbers([("a", 1, 8)], is_known=True)), daemon=True)
    thread.start()
    thread.join(20)
    assert found == [{"a": 9}]
