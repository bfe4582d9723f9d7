"""Reading pickles of a world's state: they name what state is made of, or are refused.

A pickle can name any function of any module, and have it called. One that comes from a file may have been made by
somebody else, so only the classes are found that a world's books consist of.
"""

from __future__ import annotations

import pickle
from types import FunctionType
from typing import Any
from zoneinfo import ZoneInfo

ROOMS = tuple(
    f"mock_sma.{name}" for name in ("domain.", "sandbox.", "scenario_file.", "coverage.", "truth.", "seeding")
)
"""Where the classes are that state is made of."""

FUNCTIONS = {("mock_sma.sandbox.why", "steps_of")}
"""What besides classes."""

MOVED = {
    ("mock_sma.sandbox.explain.steps", "steps_of"): ("mock_sma.sandbox.why", "steps_of"),
    ("mock_sma.sandbox.world.truth", "TruthTeller"): ("mock_sma.truth.teller", "TruthTeller"),
}
"""Names that older files have, and today's."""

PLAIN = {
    "builtins": {"set", "frozenset"},
    "collections": {"deque", "defaultdict"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "functools": {"partial"},
    "pydantic_core._pydantic_core": {"TzInfo"},
    "re": {"_compile"},
    "zoneinfo": {"ZoneInfo"},
}
"""The same of Python's own, and the time zones of instants that a scenario names."""


def bound(owner: object, name: str) -> object:
    """Return a method of an object: what pickle takes ``getattr`` for.

    Raises:
        UnpicklingError: it is no method that is written in Python, or one that every object has.
    """
    is_zone = owner is ZoneInfo and name == "_unpickle"
    if not is_zone and (name.startswith("__") or not isinstance(getattr(type(owner), name, None), FunctionType)):
        raise pickle.UnpicklingError(f"{name[:40]!r} is no method of a book")
    return getattr(owner, name)


class StateReader(pickle.Unpickler):
    """Reads a pickle of state."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what a pickle names.

        Raises:
            UnpicklingError: state is not made of it.
        """
        module, name = MOVED.get((module, name), (module, name))
        if (module, name) == ("builtins", "getattr"):
            return bound
        if name in PLAIN.get(module, ()) or (module, name) in FUNCTIONS:
            return super().find_class(module, name)
        if module.startswith(ROOMS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"state is not made of {module[:60]}.{name[:60]}")
