"""What respx puts in the place of a connection pool's methods, made once and put there again for each test.

respx inspects each method anew whenever a router starts, which takes several times as long as all else in a test.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from respx.mocks import Mocker

_made: dict[Any, Any] = {}
"""Methods of pools, and what stands in for them."""

_plans: dict[type[Mocker], PoolsTaken] = {}


class StoodIn(NamedTuple):
    """A method that another one takes the place of, and how it comes back."""

    owner: type
    method: str
    original: Any
    stand_in: Any

    def stop(self) -> None:
        """Put the method back."""
        setattr(self.owner, self.method, self.original)


class PoolsTaken:
    """What is to be done with the pools of a mocker.

    Args:
        mocker: it, with the names of classes and methods.
    """

    def __init__(self, mocker: type[Mocker]) -> None:
        self._targets = list(mocker.targets)
        names = [target.rpartition(".")[::2] for target in self._targets]
        self._pools = [(module, name, getattr(import_module(module), name)) for module, name in names]
        self.places = [
            _place(mocker, owner, method)
            for _, _, owner in self._pools
            for method in mocker.target_methods
            if method in vars(owner)
        ]

    def holds(self, mocker: type[Mocker]) -> bool:
        """Tell whether classes and methods are those of the last time."""
        if self._targets != mocker.targets:
            return False
        for module, name, owner in self._pools:
            if getattr(sys.modules.get(module), name, None) is not owner:
                return False
        for owner, method, original, _ in self.places:  # noqa: SIM110 - in half the time, before each test
            if vars(owner).get(method) is not original:
                return False
        return True


def take_over(mocker: type[Mocker]) -> None:
    """Put a mocker in the place of its pools' methods, as its own ``start`` does, which then finds nothing to do."""
    if mocker._patches:  # noqa: SLF001 - what start looks at, and stop undoes
        return
    plan = _plans.get(mocker)
    if plan is None or not plan.holds(mocker):
        plan = _plans[mocker] = PoolsTaken(mocker)
    for owner, method, _, stand_in in plan.places:
        setattr(owner, method, stand_in)
    mocker._patches += cast("Any", plan.places)  # noqa: SLF001 - as above


def _place(mocker: type[Mocker], owner: type, method: str) -> StoodIn:
    """Return what is to be done with a method that a class has of its own, and not from another one."""
    original = vars(owner)[method]
    if original not in _made:
        _made[original] = cast("Any", mocker).mock(original)
    return StoodIn(owner, method, original, _made[original])


def is_stand_in(method: Any) -> bool:
    """Tell whether a pool's method is what :func:`take_over` has put there."""
    return getattr(method, "__func__", None) in _made.values()
