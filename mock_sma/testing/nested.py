"""Runs of pytest within a test (pytester): what they have loaded stays.

When an inner run is over, pytester takes all modules away that it was the first to import. The next one to import them
would get them a second time: NumPy and other extensions refuse that, and the exceptions and classes that one copy of a
module has are not those of the other.
"""

from __future__ import annotations

import sys
import sysconfig
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    import pytest

USED = "mock_sma.testing.fixtures"
"""Loaded by the first fixture of ours that is used; without it nothing is kept."""


def to_keep(config: pytest.Config) -> dict[str, ModuleType]:
    """Return what an inner run has loaded: of us and of installed packages, but not of plugins that it tests."""
    if USED not in sys.modules:
        return {}
    plugins = {_top(getattr(plugin, "__name__", "")) for plugin in config.pluginmanager.get_plugins()} - {"mock_sma"}
    tops = {_top(name) for name in sys.modules}
    stay = {top for top in tops if top == "mock_sma" or (top not in plugins and _is_installed(top))}
    return {name: module for name, module in list(sys.modules.items()) if _top(name) in stay}


def _top(name: str) -> str:
    return name.partition(".")[0]


def _is_installed(top: str) -> bool:
    if top in sys.stdlib_module_names:
        return True
    file = getattr(getattr(sys.modules.get(top), "__spec__", None), "origin", None) or ""
    return file.startswith((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
