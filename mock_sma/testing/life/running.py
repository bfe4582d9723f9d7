"""One life: a world, its clock as the program's, the program, and its end."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import inspect
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.testing.life.invariants import LifeFailure, Living
from mock_sma.testing.life.transports import answering
from mock_sma.testing.time.patches import patched
from mock_sma.testing.time.virtual import VirtualTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.testing.life.invariants import Store
    from mock_sma.testing.life.story import Story

    Main = Callable[[Living], Any]
    Watch = Callable[[Living], object]


ZERO = 1_048_576.0
"""Where a life's monotonic clock begins [s]: the same in each, so that each is the same to the last digit."""

MOMENT = 1e-3
"""Time that is none [s]: the world's clock has a quarter of a microsecond, and the monotonic one more digits."""


SELDOM = 50_000
"""Objects made, less those that are gone, after which cycles among them are looked for."""


class LifeOver(BaseException):
    """Ends a synchronous program, at what it waits for next; no program may take it for an error."""


@dataclass(frozen=True, slots=True)
class LifeOutcome:
    """What came of a life.

    Attributes:
        story: what happened.
        failure: what did not hold; None: all did.
        ended: when it was over, or broken off.
        requests: how many there were.
        digest: of all exchanges in their order: the same seed gives the same.
        world: at the end.
    """

    story: Story
    failure: LifeFailure | None
    ended: datetime
    requests: int
    digest: str
    world: Sandbox


class _Watched(Sandbox):
    """A world that shows each exchange to whoever watches."""

    life: Living | None = None

    def watch(self, life: Living) -> None:
        """Show exchanges from now on."""
        self.life = life
        self.hash = hashlib.blake2b(digest_size=16)
        self.count = 0

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        reply = super().handle(request)
        if self.life is not None:
            entry = self.requests[-1]
            self.count += 1
            self.hash.update(f"{entry.at!r} {entry.method} {entry.path}?{entry.query} {entry.status}\n".encode())
            self.hash.update(entry.response_body)
            self.life.saw(entry, arrives=reply.effect is None)
            if self.life.problem is not None and self.life.problem.rule == "circles":
                raise LifeOver
        return reply


class _LifeTime(VirtualTime):
    """The world's clock, until the life is over."""

    def __init__(self, sandbox: Sandbox, life: Living, end: float) -> None:
        super().__init__(sandbox)
        # Sums of floats depend on where they begin.
        self._monotonic = ZERO
        self._life = life
        self._end = self.monotonic() + (end - sandbox.clock.time())
        self.in_loop = False

    @property
    def left(self) -> float:
        """Time until the end [s]."""
        return self._end - self.monotonic()

    def wait(self, poll: Callable[[float], Any], deadline: float, ready: Callable[[], object] | None = None) -> Any:
        """Wait, but not beyond the end; see :meth:`VirtualTime.wait`."""
        if self.in_loop:
            return super().wait(poll, deadline, ready)
        found = super().wait(poll, min(deadline, self._end), ready)
        if self._life.problem is not None or self.left <= MOMENT:
            raise LifeOver
        return found


def run(
    story: Story, main: Main, *, store: Store | None, midnights: Iterable[Watch], rules: frozenset[str]
) -> LifeOutcome:
    """Let a program live through a story, until its end or until something does not hold."""
    world = _Watched(story.told(), now=story.start)
    world.sessions.maker.is_quick = True
    life = Living(world, store, world.started, rules | {"midnight", "program"})
    world.watch(life)
    _watch_midnights(world, life, tuple(midnights), story.end)
    virtual = _LifeTime(world, life, story.end.timestamp())
    with patched(virtual), answering(world), _seldom_collecting():
        _live_through(main, life, virtual)
    _stop_watching(world)
    return LifeOutcome(story, life.problem, world.clock.now(), world.count, world.hash.hexdigest(), world)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let cycles be looked for once in a while: a request leaves none, and makes a thousand objects."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _stop_watching(world: _Watched) -> None:
    world.life = None


def _live_through(main: Main, life: Living, virtual: _LifeTime) -> None:
    try:
        if inspect.iscoroutinefunction(main):
            virtual.in_loop = True
            asyncio.run(_until_the_end(main, life, virtual))
        else:
            main(life)
        if virtual.left > MOMENT:
            life.break_off("program", f"the program ended by itself at {life.now:%Y-%m-%d %H:%M}")
    except LifeOver:
        pass
    except Exception as error:  # noqa: BLE001 - whatever a program lets through ends it
        life.break_off("program", f"the program ended with {type(error).__name__}: {error}")
        if life.problem is not None:
            life.problem.__cause__ = error


async def _until_the_end(main: Main, life: Living, virtual: _LifeTime) -> None:
    task = asyncio.ensure_future(main(life))
    while virtual.left > MOMENT and life.problem is None and not task.done():
        # Half an hour at most, so that what broke is not followed by days of more.
        await asyncio.wait((task,), timeout=min(virtual.left, 1_800))
    if task.done():
        task.result()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _watch_midnights(world: Sandbox, life: Living, watches: tuple[Watch, ...], end: datetime) -> None:
    zone = ZoneInfo("Europe/Berlin")

    def after(moment: float) -> float:
        day = datetime.fromtimestamp(moment, zone).date() + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()

    def look(at: float) -> None:
        if life.problem is None:
            life.midnight(at)
            for watch in watches:
                _ask(watch, life)
        if at < end.timestamp():
            world.agenda.add(after(at), look)

    world.agenda.add(after(world.started), look)


def _ask(watch: Watch, life: Living) -> None:
    try:
        watch(life)
    except Exception as error:  # noqa: BLE001 - an assertion of the user's, or whatever else says that it does not hold
        life.break_off("midnight", f"at midnight of {life.now:%Y-%m-%d}: {error}")
