"""Where a program has bound functions of ``time``: module attributes, class attributes and defaults of parameters."""

from __future__ import annotations

import queue
import sched
import sys
import threading
import time
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

_STANDARD = (threading, queue, sched)
"""Modules of the standard library that have bound the monotonic clock by name, for waits that are virtual here."""


def replace_bound(
    ours: Mapping[int, object], apart: Collection[str], replace: Callable[[Any, str, object], None]
) -> None:
    """Replace functions wherever somebody has bound them.

    Args:
        ours: what comes in place of a function, by its ``id``.
        apart: top-level packages that are left alone.
        replace: sets an attribute of an owner, and notes how it was.
    """
    # Once each, however many names a module has: requests knows urllib3's by names of its own.
    for module in {id(module): module for module in list(sys.modules.values())}.values():
        if _follows(module, apart):
            for owner, name, value in list(_bindings(module, ours)):
                replace(owner, name, value)


def _follows(module: Any, apart: Collection[str]) -> bool:
    name = getattr(module, "__name__", "")
    if not isinstance(name, str) or not isinstance(getattr(module, "__dict__", None), dict):
        return False
    top = name.partition(".")[0]
    return module in _STANDARD or (top not in apart and top not in sys.stdlib_module_names)


def _bindings(module: Any, ours: Mapping[int, object]) -> Iterator[tuple[Any, str, object]]:
    names = list(vars(module).items())
    # Most modules have nothing to do with the time, and to look into all their classes would take a while.
    if not any(value is time or id(value) in ours for _, value in names):
        return
    for name, value in names:
        if id(value) in ours:
            yield module, name, ours[id(value)]
        elif isinstance(value, FunctionType):
            yield from _defaults(value, ours)
        elif isinstance(value, type) and value.__module__ == module.__name__:
            yield from _members(value, ours)


def _members(owner: type, ours: Mapping[int, object]) -> Iterator[tuple[Any, str, object]]:
    for name, value in list(vars(owner).items()):
        plain = value.__func__ if isinstance(value, staticmethod | classmethod) else value
        if id(plain) in ours:
            found = ours[id(plain)]
            # A function of Python would become a method, which time's own functions do not.
            yield owner, name, staticmethod(found)  # type: ignore[arg-type]
        elif isinstance(plain, FunctionType):
            yield from _defaults(plain, ours)


def _defaults(function: FunctionType, ours: Mapping[int, object]) -> Iterator[tuple[Any, str, object]]:
    if any(id(value) in ours for value in function.__defaults__ or ()):
        changed = tuple(ours.get(id(value), value) for value in function.__defaults__ or ())
        yield function, "__defaults__", changed
    named = function.__kwdefaults__ or {}
    if any(id(value) in ours for value in named.values()):
        yield function, "__kwdefaults__", {name: ours.get(id(value), value) for name, value in named.items()}
