"""The agenda: each happening once, in order, with its own time."""

from __future__ import annotations

from math import inf

from mock_sma.sandbox.world.agenda import Agenda


def test_due_happenings_come_in_order_once_and_may_add_others() -> None:
    agenda = Agenda()
    seen: list[float] = []

    def first(at: float) -> None:
        seen.append(at)
        agenda.add(at + 1, seen.append)

    agenda.add(20.0, seen.append)
    agenda.add(5.0, first)
    assert agenda.due == 5.0
    agenda.catch_up(4.9)
    assert seen == []
    agenda.catch_up(10.0)
    assert (seen, agenda.due, len(agenda)) == ([5.0, 6.0], 20.0, 1)
    agenda.catch_up(20.0)
    agenda.catch_up(30.0)
    assert (seen, agenda.due) == ([5.0, 6.0, 20.0], inf)
