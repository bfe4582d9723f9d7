"""Threads of a program in a life: each begins, is joined and asks in turn (:class:`~.lifetime.LifeTime`)."""

from __future__ import annotations

import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

from mock_sma.testing.life.lifetime import LifeOver
from mock_sma.testing.time.threads import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_sma.testing.life.lifetime import LifeTime, Rank


@contextmanager
def in_turns(virtual: LifeTime) -> Iterator[None]:
    """Let threads that are begun until the block ends take turns."""
    with ExitStack() as undo:
        for owner, name, changed in (
            (threading.Thread, "start", _starting),
            (threading.Thread, "join", _joining),
            (ThreadPoolExecutor, "submit", _submitting),
            (ssl.SSLSocket, "send", _sending),
            (ssl.SSLSocket, "sendall", _sending),
        ):
            real = vars(owner)[name]
            undo.callback(setattr, owner, name, real)
            setattr(owner, name, changed(virtual, real))
        yield


def _starting(virtual: LifeTime, real: Callable[..., None]) -> Callable[..., None]:
    @wraps(real)
    def start(self: threading.Thread) -> None:
        if virtual.is_real() or self.name.startswith("mock-sma"):
            real(self)
            return
        run, rank = self.run, virtual.begin()

        def begin() -> None:
            vars(self).pop("run", None)
            with suppress(LifeOver):
                virtual.follow(rank)
                run()

        self.run = begin  # type: ignore[method-assign]
        try:
            with virtual.threads.really():
                real(self)
        except BaseException:
            vars(self).pop("run", None)
            raise

    return start


def _joining(virtual: LifeTime, before: Callable[..., None]) -> Callable[..., None]:
    @wraps(before)
    def join(self: threading.Thread, timeout: float | None = None) -> None:
        try:
            before(self, timeout)
        except LifeOver:
            # It is about to end as well: who waits for a pool at the end of its block has its works ended first.
            with virtual.threads.really():
                before(self, PATIENCE)
            if self.is_alive():
                raise

    return join


def _submitting(virtual: LifeTime, real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def submit(self: ThreadPoolExecutor, fn: Callable[..., Any], /, *arguments: Any, **options: Any) -> Any:
        if virtual.is_real():
            return real(self, fn, *arguments, **options)
        return real(self, _in_turn, virtual, virtual.begin(), fn, *arguments, **options)

    return submit


def _in_turn(virtual: LifeTime, rank: Rank, fn: Callable[..., Any], /, *arguments: Any, **options: Any) -> Any:
    virtual.follow(rank)
    return fn(*arguments, **options)


def _sending(virtual: LifeTime, real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def send(self: ssl.SSLSocket, *arguments: Any, **options: Any) -> Any:
        virtual.take_turn()
        return real(self, *arguments, **options)

    return send
