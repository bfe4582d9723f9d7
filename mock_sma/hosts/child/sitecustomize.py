"""Leads a Python program to the emulator: Python runs this at its start, since its directory is in PYTHONPATH.

Whatever Python it is and whatever is installed there: of mock-sma only the modules beside this directory are loaded,
and they are not seen afterwards. Another ``sitecustomize`` has its turn.
"""

import json
import os
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is a start's most expensive import


def lead() -> None:
    """Bring the rule into force that the environment tells."""
    told = json.loads(os.environ["MOCK_SMA_LEAD"])
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "mock_sma"}
    for name, place in (("mock_sma", ""), ("mock_sma.hosts", os.path.dirname(HERE))):  # noqa: PTH120 - as above
        module = ModuleType(name)
        module.__path__ = [place]
        sys.modules[name] = module
    try:
        rules, entry = import_module("mock_sma.hosts.inside.rules"), import_module("mock_sma.hosts.inside.entry")
        entry.enter(rules.Lead(**told))
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "mock_sma"]:
            del sys.modules[name]
        sys.modules.update(kept)


def go_on() -> None:
    """Run the ``sitecustomize`` that this one stands before."""
    places = [place for place in sys.path if os.path.abspath(place) != HERE]  # noqa: PTH100 - as above
    spec = PathFinder.find_spec("sitecustomize", places)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if "MOCK_SMA_LEAD" in os.environ:
    lead()
go_on()
