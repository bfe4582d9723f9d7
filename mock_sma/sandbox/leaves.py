"""What lies beside the sandbox and knows it: named here, and loaded when somebody wants it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mock_sma.sandbox.why import Step


def leaf(module: str, name: str) -> Any:
    """Return what a module of ours that the sandbox does not know calls ``name``.

    By name, so that a world that nobody judges costs nothing, and what judges it can know the sandbox.
    """
    return getattr(import_module(f"mock_sma.{module}"), name)


def later(module: str, name: str) -> Callable[..., Any]:
    """Return a function that calls a leaf's, which is loaded at the first call: pages and documents are for few."""

    def called(*arguments: object) -> Any:
        return leaf(module, name)(*arguments)

    return called


def steps_of(entry: object) -> Iterable[Step]:
    """Return what led to an answer, in words; a journal's entries keep this function by its name."""
    steps: Iterable[Step] = leaf("explain.steps", "steps_of")(entry)
    return steps
