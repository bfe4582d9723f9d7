"""Work in a thread of its own, while the loop goes on."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox

Made = TypeVar("Made")

WORK = "mock-sma work"
"""Name of the threads that work while the loop goes on."""


async def caught_up(world: Sandbox) -> None:
    """Let a world catch up with its clock; who waits for it where a thread holds it is no loop that others wait for."""
    if not world.lock.acquire(blocking=False):
        await in_thread(world.catch_up)
        return
    try:
        world.catch_up()
    finally:
        world.lock.release()


async def in_thread(work: Callable[[], Made]) -> Made:
    """Do work in a thread, and return what it returns.

    The thread is a daemon: a server that ends does not wait for it, as it would for one of an executor. Where another
    kind of loop runs, which is none of a server's, nobody else waits, and the work is done at once.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return work()
    done: asyncio.Future[Made] = loop.create_future()

    def tell(settle: Callable[[Any], None], outcome: object) -> None:
        if not done.cancelled():
            settle(outcome)

    def run() -> None:
        settle: Callable[[Any], None] = done.set_result
        outcome: object
        try:
            outcome = work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            settle, outcome = done.set_exception, error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, settle, outcome)

    threading.Thread(target=run, name=WORK, daemon=True).start()
    return await done
