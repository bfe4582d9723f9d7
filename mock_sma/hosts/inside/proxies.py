"""``urllib.request``: which proxies a process sees.

Other programs are led by proxy variables. This process is led without, so it sees its environment as it was: hosts
that are not SMA's are reached as ever, and SMA's by no proxy.
"""

from __future__ import annotations

import os
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mock_sma.hosts.inside.doors import Doors


def change_urllib(doors: Doors, module: Any) -> None:
    """Change the function that reads the variables, by whatever name a library has imported it."""
    function = module.getproxies_environment
    code, defaults = function.__code__, function.__defaults__

    def seen() -> dict[str, str]:
        names = dict(vars(module), os=types.SimpleNamespace(environ=_environment(doors)))
        proxies: dict[str, str] = types.FunctionType(code, names, function.__name__, defaults)()
        spared = [proxies["no"]] if proxies.get("no") else []
        return dict(proxies, no=",".join([*spared, *(name for rule in doors.rules for name in rule.domains)]))

    doors.put(function, "__defaults__", (seen,))
    doors.put(function, "__code__", _answer.__code__)


def _answer(seen: Callable[[], dict[str, str]]) -> dict[str, str]:
    return seen()


def _environment(doors: Doors) -> dict[str, str]:
    """Return the environment without what was set for other programs."""
    found = dict(os.environ)
    for rule in doors.rules:
        for name, (value, before) in rule.hidden.items():
            if found.get(name) == value:
                del found[name]
                if before is not None:
                    found[name] = before
    return found
