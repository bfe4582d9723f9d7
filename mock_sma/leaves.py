"""What the core does not know and needs now and then: named, and loaded when somebody wants it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def leaf(module: str, name: str) -> Any:
    """Return what a module of ours that the core does not know calls ``name``.

    By name, so that a world without it costs nothing, and the leaf can know the core.
    """
    return getattr(import_module(f"mock_sma.{module}"), name)


def later(module: str, name: str) -> Callable[..., Any]:
    """Return a function that calls a leaf's, which is loaded at the first call; it takes arguments by place only."""

    def called(*arguments: object) -> Any:
        return leaf(module, name)(*arguments)

    return called
