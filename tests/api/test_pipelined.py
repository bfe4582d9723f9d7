"""Requests that do not wait for the answers before them, in whatever pieces they come (RFC 9112, section 9.3.2)."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.line import Line, Wire
from tests.api.messages import REQUESTS, spelt
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterable


async def _line() -> Line:
    return Line(Wire())


@pytest.fixture(scope="module")
def line() -> Line:
    return asyncio.run(_line())


def test_requests_in_one_piece_are_all_answered_each_time_that_they_come() -> None:
    async def main() -> None:
        line = await _line()
        for _ in range(3):
            assert re.findall(rb"HTTP/1.1 (\d+)", line.ask("no token", "plants")) == [b"401", b"200"]
        assert re.findall(rb"HTTP/1.1 (\d+)", line.ask("plants")) == [b"200"]

    asyncio.run(main())


async def said(line: Line, names: list[str], cuts: Iterable[int], *, waits: bool) -> tuple[bytes, list[object]]:
    """Send requests on a connection of their own; return what comes back, and what the journal shows.

    Args:
        cuts: where their bytes are cut.
        waits: whether each piece waits for the answers to those before it.
    """
    line.begin()
    line.connect(Wire())
    tasks, data = line.server.server_state.tasks, spelt(names, line.bearer)
    for start, end in pairwise(sorted({0, len(data), *cuts})):
        line.protocol.data_received(data[start:end])
        while tasks and (waits or end == len(data)):
            await asyncio.wait(set(tasks))
    return line.wire.sent, [(entry.path, entry.status, entry.headers) for entry in line.world.requests]


@pytest.mark.slow
@examples(100, deadline=None)
@given(st.lists(st.sampled_from(sorted(REQUESTS)), min_size=1, max_size=4), st.booleans(), st.data())
def test_any_split_of_requests_gives_what_they_give_in_one_piece(
    line: Line, names: list[str], waits: bool, data: st.DataObject
) -> None:
    once = len(spelt(names, line.bearer))
    ends = st.sampled_from([len(spelt(names[:count], line.bearer)) for count in range(1, len(names) + 1)])
    again = data.draw(st.sets(ends | st.integers(1, once), max_size=3))  # so that the same pieces come again
    cuts = {start + cut for start in (0, once, 2 * once) for cut in again}
    cuts |= data.draw(st.sets(st.integers(1, 3 * once), max_size=2))
    whole = asyncio.run(said(line, names * 3, (), waits=True))
    assert whole[0].count(b"HTTP/1.1 ") == 3 * len(names)
    assert asyncio.run(said(line, names * 3, cuts, waits=waits)) == whole
