"""One life: a world, its clock as the program's, the program, and its end."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import inspect
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from threading import current_thread, get_ident
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.testing.life.invariants import LifeFailure, Living
from mock_sma.testing.life.lifetime import NO_TIME, LifeOver, LifeTime
from mock_sma.testing.life.polled import line_of
from mock_sma.testing.life.sockets import leading
from mock_sma.testing.life.transports import answering
from mock_sma.testing.life.turns import in_turns
from mock_sma.testing.time.patches import patched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.testing.life.invariants import Store
    from mock_sma.testing.life.story import Story
    from mock_sma.testing.session import ServerOfSession

    Main = Callable[[Living], Any]
    Watch = Callable[[Living], object]


_OTHERS = (KeyboardInterrupt, GeneratorExit)
"""What ends a life from outside, and says nothing of it."""

AT_ONCE = 256
"""Pieces of exchanges that the digest takes in at once."""

SELDOM = 50_000
"""Objects made, less those that are gone, after which cycles among them are looked for."""


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
        self.count = 0
        self._hash = hashlib.blake2b(digest_size=16)
        self._said: list[bytes] = []
        self._at, self._at_text = -inf, b""

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        reply = super().handle(request)
        entry = self.requests[-1]
        self.show(entry, line_of(entry), arrives=reply.effect is None)
        return reply

    def show(self, entry: Entry, line: bytes, *, arrives: bool = True) -> None:
        """Show an exchange to whoever watches; see :func:`line_of`."""
        life = self.life
        if life is None:
            return
        self.count += 1
        if entry.at != self._at:
            self._at, self._at_text = entry.at, f"{entry.at!r} ".encode()
        said = self._said
        said += (self._at_text, line, entry.response_body)
        if len(said) >= AT_ONCE:
            self._hash.update(b"".join(said))
            said.clear()
        life.saw(entry, arrives=arrives)
        # Who asks over a socket is ended where it waits for the answer.
        is_over = life.problem is not None and life.problem.rule == "circles"
        if is_over and not current_thread().name.startswith("mock-sma"):
            raise LifeOver

    def digest(self) -> str:
        """Return the digest of all that has been shown."""
        self._hash.update(b"".join(self._said))
        self._said.clear()
        return self._hash.hexdigest()

    def is_at_hand(self, request: Request) -> bool:  # noqa: ARG002 - whichever it is
        """Tell that every request is answered at once: in a thread of the server's it would be out of order."""
        return True


def run(
    story: Story,
    main: Main,
    session: ServerOfSession,
    *,
    store: Store | None,
    midnights: Iterable[Watch],
    rules: frozenset[str],
) -> LifeOutcome:
    """Let a program live through a story, until its end or until something does not hold.

    Args:
        session: a server for clients that come over sockets.
    """
    world = _Watched(story.told(), now=story.start)
    world.sessions.maker.is_quick = True
    life = Living(world, store, world.started, rules | {"midnight", "program"})
    world.watch(life)
    _watch_midnights(world, life, tuple(midnights), story.end)
    virtual = LifeTime(world, life, story.end.timestamp())
    with ExitStack() as lived:
        ports = lived.enter_context(leading(world, virtual, session))
        lived.enter_context(patched(virtual, ports))
        lived.enter_context(in_turns(virtual))
        lived.enter_context(answering(world, virtual.take_turn, world.show))
        lived.enter_context(_seldom_collecting())
        _live_through(main, life, virtual)
    world.life = None
    return LifeOutcome(story, life.problem, world.clock.now(), world.count, world.digest(), world)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let cycles be looked for once in a while: a request leaves none, and makes a thousand objects."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _live_through(main: Main, life: Living, virtual: LifeTime) -> None:
    try:
        try:
            _begin(main, life, virtual)
        finally:
            virtual.end()
    except LifeOver:
        pass
    except _OTHERS:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a program lets through ends it
        life.break_off("program", f"the program ended with {type(error).__name__}: {error}")
        if life.problem is not None:
            life.problem.__cause__ = error


def _begin(main: Main, life: Living, virtual: LifeTime) -> None:
    if inspect.iscoroutinefunction(main):
        virtual.in_loop = get_ident()
        asyncio.run(_until_the_end(main, life, virtual))
    else:
        main(life)
    if virtual.left > NO_TIME:
        life.break_off("program", f"the program ended by itself at {life.now:%Y-%m-%d %H:%M}")


async def _until_the_end(main: Main, life: Living, virtual: LifeTime) -> None:
    task = asyncio.ensure_future(main(life))
    virtual.stop = task.cancel
    while virtual.left > NO_TIME and life.problem is None and not task.done():
        # Half an hour at most, so that what broke is not followed by days of more.
        await asyncio.wait((task,), timeout=min(virtual.left, 1_800))
    if task.done() and not task.cancelled():
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
            _ask(lambda life: life.midnight(at), life)
            for watch in watches:
                _ask(watch, life)
        if at < end.timestamp():
            world.agenda.add(after(at), look)

    world.agenda.add(after(world.started), look)


def _ask(watch: Watch, life: Living) -> None:
    try:
        watch(life)
    except (*_OTHERS, LifeOver):
        raise
    except BaseException as error:  # noqa: BLE001 - an assertion, pytest.fail, or whatever says that it does not hold
        life.break_off("midnight", f"at midnight of {life.now:%Y-%m-%d}: {error}")
