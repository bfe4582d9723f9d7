"""Modules changed while they are there, or right after their import."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import ModuleType
    from typing import Any


class Watch(importlib.abc.MetaPathFinder):
    """Changes modules: those that are there at once, the others when they are imported.

    Args:
        names: of the modules.
        change: what is done with one, given its name and itself.
    """

    def __init__(self, names: Collection[str], change: Callable[[str, Any], None]) -> None:
        self._names = names
        self._change = change
        self._busy: set[str] = set()

    def start(self) -> None:
        """Begin."""
        for name in self._names:
            if name in sys.modules:
                self._change(name, sys.modules[name])
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """End."""
        sys.meta_path.remove(self)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002 - importlib's
        """Return a module's own spec, whose loader hands the module over."""
        if fullname not in self._names or fullname in self._busy:
            return None
        self._busy.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._busy.discard(fullname)
        loader: Any = None if spec is None else spec.loader
        if hasattr(loader, "__dict__"):
            self._hook(fullname, loader)
        return spec

    def _hook(self, name: str, loader: Any) -> None:
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            vars(loader).pop("exec_module", None)  # another watch of the same module may have
            execute(module)
            if self in sys.meta_path:
                self._change(name, module)

        loader.exec_module = exec_module
