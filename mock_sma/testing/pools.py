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

_plans: dict[type[Mocker], tuple[list[type], list[StoodIn]]] = {}
"""Classes of pools by their mocker, and what is to be done with them."""


class StoodIn(NamedTuple):
    """A method that another one takes the place of, and what puts it back."""

    owner: type
    method: str
    original: Any
    stand_in: Any

    def stop(self) -> None:
        """Put the method back."""
        setattr(self.owner, self.method, self.original)


def take_over(mocker: type[Mocker]) -> None:
    """Put a mocker in the place of its pools' methods, as its own ``start`` does, which then finds nothing to do."""
    if mocker._patches:  # noqa: SLF001 - what start looks at, and stop undoes
        return
    pools = [_found(target) for target in mocker.targets]
    known, places = _plans.get(mocker, ([], []))
    if known != pools or any(vars(owner).get(method) is not original for owner, method, original, _ in places):
        places = [
            _place(mocker, owner, method)
            for owner in pools
            for method in mocker.target_methods
            if method in vars(owner)
        ]
        _plans[mocker] = pools, places
    for owner, method, _, stand_in in places:
        setattr(owner, method, stand_in)
    mocker._patches += cast("Any", places)  # noqa: SLF001 - as above


def _found(target: str) -> Any:
    module, _, name = target.rpartition(".")
    return getattr(sys.modules.get(module) or import_module(module), name)


def _place(mocker: type[Mocker], owner: type, method: str) -> StoodIn:
    """Return what is to be done with a method that a class has of its own, and not from another one."""
    original = vars(owner)[method]
    if original not in _made:
        _made[original] = cast("Any", mocker).mock(original)
    return StoodIn(owner, method, original, _made[original])


def is_stand_in(method: Any) -> bool:
    """Tell whether a pool's method is what :func:`take_over` has put there."""
    return getattr(method, "__func__", None) in _made.values()
