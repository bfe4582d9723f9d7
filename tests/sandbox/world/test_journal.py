"""The journal stays within its bounds and keeps the newest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.sandbox.world.entry import Entry
from mock_sma.sandbox.world.journal import Journal


def entry(number: int, size: int) -> Entry:
    return Entry(
        id=str(number),
        at=0.0,
        method="GET",
        host="",
        path="/",
        query="",
        status=200,
        client_id=None,
        operation=None,
        request_body=b"",
        response_body=b"x" * size,
        headers=[],
        user_agent="",
        trace=[],
    )


@pytest.mark.slow
@settings(derandomize=True)
@given(st.lists(st.integers(0, 3_000), max_size=40), st.integers(1, 10), st.integers(600, 6_000))
def test_bounds_hold_after_every_entry_and_the_newest_stay(sizes: list[int], max_entries: int, max_bytes: int) -> None:
    journal = Journal(max_entries, max_bytes)
    for number, size in enumerate(sizes):
        journal.add(entry(number, size))
        assert len(journal) <= max_entries
        assert sum(item.size for item in journal) <= max_bytes or len(journal) == 1
        assert journal[-1].id == str(number)
    assert journal.total == len(sizes)
    kept = [item.id for item in journal]
    assert kept == [str(number) for number in range(len(sizes))][len(sizes) - len(kept) :]


def test_entries_are_found_by_id_and_by_slice_and_forgotten_on_clear() -> None:
    journal = Journal()
    for number in range(3):
        journal.add(entry(number, 0))
    assert journal.find("1") is journal[1]
    assert journal.find("9") is None
    assert [item.id for item in journal[1:]] == ["1", "2"]
    assert repr(journal[0]) == "<GET / 200 0>"
    journal.clear()
    assert (len(journal), journal.total) == (0, 0)
