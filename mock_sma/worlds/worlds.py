"""Many worlds in one process, each request led to its own (docs/control.md, Worlds).

No header names a world: a client's credentials do, or what they led to: token, code, login session, login link.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING

from mock_sma.clock import monotonic
from mock_sma.errors import ConflictError, UsageError
from mock_sma.sandbox.claims import claimed_client, claimed_parameters, cookie_of
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.world.tokens import key_id_of, key_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.exchange import Reply, Request

MAX_WORLDS = 1_000
"""Worlds besides the default one; each keeps a journal of 8 MiB at most."""

MAX_IDLE = 3_600.0
"""Longest time that a world lives without being asked anything [s]."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class Worlds:
    """The worlds of one server.

    Args:
        default: the world of requests that name no other one.
        limit: number of worlds besides it.
        max_idle: longest time that one of them lives without being asked anything [s].
        source: monotonic seconds; injected by tests.
    """

    def __init__(
        self,
        default: Sandbox,
        *,
        limit: int = MAX_WORLDS,
        max_idle: float = MAX_IDLE,
        source: Callable[[], float] = monotonic,
    ) -> None:
        self.default = default
        self.settle: Callable[[], object] = lambda: None
        """Has the journals take up what has come for them, where worlds are those of other servers as well."""
        self._limit = limit
        self._max_idle = max_idle
        self._source = source
        self._lock = Lock()
        self._worlds: dict[str, Sandbox] = {}
        self._making: set[str] = set()
        """Names of worlds that are not there yet."""
        self._used: dict[str, float] = {}
        self._idle_at = 0.0
        """When a world may have been idle for too long, at the earliest."""
        self._named_by: dict[str, str] = dict.fromkeys(key_ids(default.name), default.name)
        """Names of worlds by the key ids of their tokens."""
        self._gone: deque[str] = deque(maxlen=1_000)
        self._numbers = count(1)

    def create(
        self,
        scenario: Scenario,
        *,
        name: str | None = None,
        now: datetime | str | None = None,
        seed: int | None = None,
        rate: float | None = None,
    ) -> Sandbox:
        """Make a world of its own, with clients of its own.

        Args:
            name: letters, digits, ``_``, ``.`` and ``-``, 64 at most; None: the next free ``world-N``.
            now: see :class:`Sandbox`, as ``seed`` and ``rate``.

        Raises:
            UsageError: the name is none.
            ConflictError: it is taken, or there are as many worlds as there may be.
        """
        return self._made(
            name, lambda free: Sandbox(scenario, now=now, seed=seed, rate=rate, name=free, own_clients=True)
        )

    def fork(self, origin: Sandbox, *, name: str | None = None) -> Sandbox:
        """Make a world that is as another one is now; raises as :meth:`create` does."""
        return self._made(name, origin.fork)

    def _made(self, name: str | None, make: Callable[[str], Sandbox]) -> Sandbox:
        """Make a world under a name that is its own from now on; requests find theirs while it is made."""
        with self._lock:
            name = self._free(name)
            self._making.add(name)
        try:
            world = make(name)
            with self._lock:
                return self._add(world)
        finally:
            self._making.discard(name)

    def take(self, world: Sandbox) -> None:
        """Have a world that was made before, by another process."""
        with self._lock:
            self._check(world.name)
            self._add(world)

    def put(self, world: Sandbox) -> None:
        """Have a world in the place of the one of its name, if there is one."""
        with self._lock:
            if world.name == self.default.name:
                self.default = world
            else:
                self._add(world)

    def of_token(self, request: Request) -> Sandbox | None:
        """Return the world whose token a request without a body brings; None: it brings none, or of no world here."""
        token = request.bearer
        if token is None or request.body:
            return None
        return self.find(self._named_by.get(key_id_of(token) or "", ""))

    def find(self, name: str) -> Sandbox | None:
        """Return the world with this name, or None; that nobody asks it is as before."""
        return self.default if name == self.default.name else self._worlds.get(name)

    def _free(self, name: str | None) -> str:
        self._forget_idle()
        if name is None:
            taken = self._worlds.keys() | self._making
            name = next(free for free in map("world-{}".format, self._numbers) if free not in taken)
        self._check(name)
        return name

    def _add(self, world: Sandbox) -> Sandbox:
        self._worlds[world.name] = world
        self._used[world.name] = self._source()
        self._named_by |= dict.fromkeys(key_ids(world.name), world.name)
        return world

    def _check(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name[:70]!r} is not a valid world name: use at most 64 letters, digits, '_', '.' "
                "and '-', with a letter or digit first"
            )
        if name in self._worlds or name in self._making or name == self.default.name:
            raise ConflictError(f"a world {name!r} already exists; delete it, or choose another name")
        if len(self._worlds) + len(self._making) >= self._limit:
            raise ConflictError(
                f"there are {self._limit} worlds, which is the limit; delete some, or wait: "
                f"a world is removed after {min(self._max_idle, MAX_IDLE) / 60:g} minutes without a request"
            )

    def sweep(self, name: str) -> None:
        """Remove a world that nobody has asked anything for long; raises as :meth:`delete` does."""
        self.delete(name)
        self._gone.append(name)

    def is_swept(self, name: str) -> bool:
        """Tell whether a world was removed as nobody asked it anything."""
        return name in self._gone

    def delete(self, name: str) -> None:
        """Remove a world; its tokens are worth nothing then.

        Raises:
            UsageError: there is none with this name.
            ConflictError: it is the default one.
        """
        with self._lock:
            if name == self.default.name:
                raise ConflictError("the default world cannot be deleted; POST /_mock/reset puts it back to its start")
            if name not in self._worlds:
                raise UsageError(self.unknown(name))
            self._drop(name)
            if name in self._gone:  # an earlier one of this name
                self._gone.remove(name)

    def named(self, name: str) -> Sandbox | None:
        """Return the world with this name, or None."""
        if name == self.default.name:
            return self.default
        with self._lock:
            self._forget_idle()
            return self._touched(self._worlds.get(name))

    def unknown(self, name: str) -> str:
        """Return why there is no world with this name."""
        if name in self._gone:
            minutes = min(self._max_idle, MAX_IDLE) / 60
            return f"the world {name[:70]!r} was removed: nothing had asked it for {minutes:g} minutes"
        return f"there is no world {name[:70]!r}; POST /_mock/worlds makes one"

    def __iter__(self) -> Iterator[Sandbox]:
        """Yield the default world and then all others, the oldest first."""
        with self._lock:
            self._forget_idle()
            return iter([self.default, *self._worlds.values()])

    def __len__(self) -> int:
        return 1 + len(self._worlds)

    def pick(self, request: Request) -> Sandbox:
        """Return the world a request belongs to: that of its client, token, code, session or link.

        What names no world, or one that has been deleted, belongs to the default one.
        """
        if not self._worlds:
            return self.default
        with self._lock:
            self._forget_idle()
            return self._touched(self._claimed(request)) or self.default

    def handle(self, request: Request) -> Reply:
        """Answer a request in its world."""
        return self.pick(request).handle(request)

    def _claimed(self, request: Request) -> Sandbox | None:
        token = request.bearer
        named = None if token is None else self._named_by.get(key_id_of(token) or "")
        if named in self._worlds and not request.body:
            return self._worlds[str(named)]
        client_id = claimed_client(request)
        if client_id is not None:
            found = self._of_client(client_id)
            if found is not None or client_id in self.default.clients:
                # A client of the default world's own, whatever cookie of another world the browser still has.
                return found
        if named is not None:
            return self._worlds.get(named)
        return self._remembering(request)

    def _of_client(self, client_id: str) -> Sandbox | None:
        """Return the world that has a client: its id ends with the world's name, where it was made for that world."""
        for dash in re.finditer("-", client_id):
            world = self._worlds.get(client_id[dash.end() :])
            if world is not None and client_id in world.clients:
                return world
        if client_id in self.default.clients:
            return None
        return next((world for world in self._worlds.values() if client_id in world.clients), None)

    def _remembering(self, request: Request) -> Sandbox | None:
        """Return the world that gave out the code, the consent's link or the cookie that a request brings."""
        code = claimed_parameters(request).get("code")
        cookie = cookie_of(request)
        last = request.path.rstrip("/").rpartition("/")[2]
        for world in self._worlds.values():
            if (
                (code is not None and world.codes.knows(code))
                or world.consents.find(last) is not None
                or (cookie is not None and world.browser_sessions.find(cookie) is not None)
            ):
                return world
        return None

    def _touched(self, world: Sandbox | None) -> Sandbox | None:
        if world is not None:
            self._used[world.name] = self._source()
        return world

    def idle(self, longest: float) -> list[str]:
        """Return the names of worlds that nobody has asked anything for longer than a time [s]."""
        now = self._source()
        return [name for name, used in self._used.items() if used < now - longest]

    def _forget_idle(self) -> None:
        now = self._source()
        if now < self._idle_at:  # each request asks
            return
        for name in self.idle(self._max_idle):
            self._drop(name)
            self._gone.append(name)
        self._idle_at = min(self._used.values(), default=now) + self._max_idle

    def _drop(self, name: str) -> None:
        del self._worlds[name], self._used[name]
        for key_id in key_ids(name):
            del self._named_by[key_id]
