"""What respx puts in the place of a connection pool's methods, made once and put there again for each test.

respx inspects each method anew whenever a router starts, which takes several times as long as all else in a test.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from respx.mocks import Mocker

_made: dict[Any, Any] = {}
"""Methods of pools, and what stands in for them."""


def take_over(mocker: type[Mocker]) -> None:
    """Put a mocker in the place of its pools' methods, as its own ``start`` does, which then finds nothing to do."""
    if mocker._patches:  # noqa: SLF001 - what start looks at, and stop undoes
        return
    for owner, method in _methods(mocker):
        original = vars(owner)[method]
        if original not in _made:
            _made[original] = cast("Any", mocker).mock(original)
        setattr(owner, method, _made[original])
        mocker._patches.append(cast("Any", _Undo(owner, method, original)))  # noqa: SLF001 - as above


def _methods(mocker: type[Mocker]) -> Iterator[tuple[Any, str]]:
    """Yield the classes of a mocker's pools with the methods that they have of their own, and not from another one."""
    for target in mocker.targets:
        module, _, name = target.rpartition(".")
        owner = getattr(sys.modules.get(module) or import_module(module), name)
        own = vars(owner)
        for method in mocker.target_methods:
            if method in own:
                yield owner, method


class _Undo(NamedTuple):
    """What puts a method back."""

    owner: Any
    method: str
    original: Any

    def stop(self) -> None:
        setattr(self.owner, self.method, self.original)
