"""How emulated time passes in process while an answer is held back.

Where the world's clock is the program's too (``sma_time``), the program waits: its timers and its other tasks go on
meanwhile, in order. Where it is not, the clock jumps, and nobody sees how.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from anyio import sleep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_sma.sandbox.sandbox import Sandbox

Found = TypeVar("Found")

_waits: WeakKeyDictionary[Sandbox, Callable[[float], object]] = WeakKeyDictionary()
_put_off: ContextVar[list[float] | None] = ContextVar("_put_off", default=None)


@contextmanager
def waiting(world: Sandbox, wait: Callable[[float], object]) -> Iterator[None]:
    """Let the present thread wait, by ``wait(seconds)``, for what a world holds back, until the block ends."""
    before, _waits[world] = _waits.get(world), wait
    try:
        yield
    finally:
        if before is None:
            del _waits[world]
        else:
            _waits[world] = before


def is_waited_for(world: Sandbox) -> bool:
    """Tell whether the program waits for what a world holds back."""
    return world in _waits


def let_pass(world: Sandbox, seconds: float) -> None:
    """Let emulated time pass before an answer [s]."""
    wait, put_off = _waits.get(world), _put_off.get()
    if wait is None:
        world.clock.advance(seconds)
    elif put_off is None:
        wait(seconds)
    else:
        put_off.append(seconds)


async def waited(answer: Callable[[], Found]) -> Found:
    """Return what ``answer`` gives, or raise what it raises, after the time that it lets pass; other tasks go on."""
    pauses: list[float] = []
    token = _put_off.set(pauses)
    try:
        return answer()
    finally:
        _put_off.reset(token)
        for seconds in pauses:
            await sleep(seconds)
