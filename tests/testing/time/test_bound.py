"""Functions of ``time`` are followed wherever a program has bound them, and put back everywhere."""

from __future__ import annotations

import sched
import sys
import textwrap
import time
from contextlib import suppress
from dataclasses import dataclass
from time import sleep as bound_sleep
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from mock_sma.testing.pauses import is_waited_for, let_pass, waiting
from mock_sma.testing.time import VirtualTime, patched
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Callable

REAL = (time.sleep, time.monotonic, time.perf_counter)


def waits(
    seconds: float, sleep: Callable[[float], None] = time.sleep, *, now: Callable[[], float] = time.monotonic
) -> float:
    """Wait as programs do that let their tests choose the clock."""
    begun = now()
    sleep(seconds)
    return now() - begun


class Limiter:
    """Binds the clock in each way that a class can."""

    now = time.monotonic
    nap = staticmethod(time.sleep)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock

    @classmethod
    def made(cls, clock: Callable[[], float] = time.perf_counter) -> Limiter:
        """Return one by another clock."""
        return cls(clock)


@dataclass
class Policy:
    """Its field's default is a function of time's."""

    clock: Callable[[], float] = time.monotonic


def values() -> list[object]:
    return [
        waits.__defaults__, waits.__kwdefaults__, vars(Limiter)["now"], Limiter.nap, Limiter.__init__.__defaults__,
        Limiter.made.__func__.__defaults__, Policy.__init__.__defaults__, bound_sleep, time.sleep,
        vars(Limiter)["nap"],
    ]  # fmt: skip


@pytest.mark.slow
def test_defaults_of_parameters_follow(sma_time: VirtualTime) -> None:
    assert waits(3_600) == 3_600
    sma_time.clock.advance(hours=1)
    for clock in (Limiter().clock, Limiter.made().clock, Limiter.now, Limiter().now, Policy().clock, Policy.clock):
        assert clock() == time.monotonic()
    Limiter().nap(60)
    assert sma_time.clock.isoformat()[11:16] == "14:01"


@pytest.mark.slow
def test_a_scheduler_of_the_standard_library_runs_by_the_worlds_clock(sma_time: VirtualTime) -> None:
    ran: list[float] = []
    runner = sched.scheduler()
    for after in (7_200, 60, 3_600):
        runner.enter(after, 0, lambda: ran.append(time.time()))
    begun = time.time()
    runner.run()
    assert [at - begun for at in ran] == [60, 3_600, 7_200]


@pytest.mark.slow
@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt, SystemExit])
def test_all_is_put_back_whatever_ends_it(error: type[BaseException] | None) -> None:
    before = values()
    with suppress(RuntimeError, KeyboardInterrupt, SystemExit), patched(VirtualTime(make())):
        assert waits(10) == 10
        assert values() != before
        if error is not None:
            raise error
    assert values() == before
    assert (time.sleep, time.monotonic, time.perf_counter) == REAL


def test_a_world_may_be_waited_for_by_two_and_given_back_in_turn() -> None:
    world, waited = make(), list[float]()
    with waiting(world, waited.append):
        with waiting(world, list[float]().append):
            assert is_waited_for(world)
        let_pass(world, 20)
    assert waited == [20]
    assert not is_waited_for(world)


@pytest.mark.slow
def test_a_module_that_is_imported_meanwhile_lives_by_the_clock_that_is_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = ModuleType("imported_meanwhile")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    text = """
        from time import monotonic, sleep

        def waits(seconds, now=monotonic):
            begun = now()
            sleep(seconds)
            return now() - begun
    """
    with patched(VirtualTime(make())):
        exec(textwrap.dedent(text), vars(module))  # noqa: S102 - as an import does
        assert module.waits(5_000) == 5_000
    assert 0.001 <= module.waits(0.001) < 60
    assert abs(module.monotonic() - time.clock_gettime(time.CLOCK_MONOTONIC)) < 60
    with patched(VirtualTime(make())):
        assert module.waits(7_000) == 7_000
