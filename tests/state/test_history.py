"""The checker of histories finds what is wrong, and nothing else."""

from __future__ import annotations

from math import inf

import pytest

from tests.state.chance import Chance
from tests.state.history import UNKNOWN, Op, clock, code, consent, linearizable


def test_one_after_the_other() -> None:
    ops = [Op(0, 1, "accept", True), Op(2, 3, "read", True), Op(4, 5, "accept", False), Op(6, 7, "revoke", True)]
    assert linearizable(ops, False, consent)


def test_a_read_of_what_was_before_is_found() -> None:
    assert not linearizable([Op(0, 1, "accept", True), Op(2, 3, "read", False)], False, consent)


def test_at_the_same_time_either_is_right() -> None:
    for seen in (True, False):
        assert linearizable([Op(0, 3, "accept", True), Op(1, 2, "read", seen)], False, consent)


def test_one_who_sees_it_and_a_later_one_who_does_not_are_found() -> None:
    ops = [Op(0, 9, "accept", True), Op(1, 2, "read", True), Op(3, 4, "read", False)]
    assert not linearizable(ops, False, consent)


def test_what_nobody_was_told_may_have_happened_at_any_time_or_never() -> None:
    lost = Op(0, inf, "accept", UNKNOWN)
    assert linearizable([lost, Op(1, 2, "read", False), Op(5, 6, "read", True)], False, consent)
    assert linearizable([lost, Op(1, 2, "read", False)], False, consent)
    assert not linearizable([lost, Op(1, 2, "read", True), Op(5, 6, "read", False)], False, consent)


def test_a_code_is_worth_something_once() -> None:
    assert linearizable([Op(0, 3, "", True), Op(1, 2, "", False)], True, code)
    assert not linearizable([Op(0, 3, "", True), Op(1, 2, "", True)], True, code)


@pytest.mark.parametrize("seed", range(5))
def test_a_history_that_was_made_in_order_is_one_and_a_clock_that_lags_is_not(seed: int) -> None:
    chance = Chance(seed, "history")
    ops, now = [], 0
    for at in range(200):
        call = chance.choice(("read", "advance"))
        now += call == "advance"
        ops.append(Op(at - chance.below(4), at + chance.below(4), call, now))
    assert linearizable(ops, 0, clock)
    place = max(place for place, op in enumerate(ops) if op.call == "read" and op.result > 9)
    late = ops[place]
    assert not linearizable(
        [*ops[:place], Op(late.start, late.end, "read", late.result - 9), *ops[place + 1 :]], 0, clock
    )


def test_many_operations_that_nothing_is_known_of_are_looked_at_quickly() -> None:
    lost = [Op(float(start), 0.0, "advance", UNKNOWN) for start in range(60)]
    shown = [Op(start + 0.1, start + 0.9, "read", start // 2) for start in range(60)]
    assert linearizable([*lost, *shown], 0, clock)
    assert not linearizable([*lost, *shown, Op(60.0, 60.1, "read", 61)], 0, clock)
