"""Examples of answers: what a world of the scenario ``sandbox`` gives, kept in ``examples.json``.

``python tests/sandbox/write_examples.py`` writes the file anew; a test holds that its members are still those of
the answers.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from mock_sma.sandbox.operation import Operation


@cache
def examples() -> dict[str, Any]:
    """Return bodies by operation id."""
    found: dict[str, Any] = orjson.loads(files("mock_sma.sandbox.openapi").joinpath("examples.json").read_bytes())
    return found


def example_of(operation: Operation) -> dict[str, Any]:
    """Return the member ``example`` of an operation's success body; ``/v2`` shares those of ``/v1``."""
    name = operation.id.removesuffix("V2")
    return {"example": examples()[name]} if name in examples() else {}
