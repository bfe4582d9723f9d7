"""Files of shapes that ``mock-sma witness --out`` wrote: what independent traffic says of the ledger's rows."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from mock_sma.errors import UsageError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

FORM = 1


@frozen
class Witnesses:
    """What all files say.

    Attributes:
        confirmations: by row (``kind.name``), how many files confirm it; 0 for all others.
        refuted: rows that any file refutes.
    """

    confirmations: Counter[str]
    refuted: frozenset[str]


def joined(documents: Iterable[tuple[str, Any]]) -> Witnesses:
    """Return what files of shapes say, each given with its name.

    Raises:
        UsageError: one is no file of shapes.
    """
    confirmed: Counter[str] = Counter()
    refuted: set[str] = set()
    for name, document in documents:
        try:
            if document["version"] != FORM:
                raise UsageError(
                    f"{name}: version {document['version']} of a file of shapes is unknown; this reads {FORM}"
                )
            for row in document["rows"]:
                key = f"{row['kind']}.{row['name']}"
                if row["verdict"] == "confirmed":
                    confirmed[key] += 1
                elif row["verdict"] == "refuted":
                    refuted.add(key)
        except (KeyError, TypeError):
            raise UsageError(f"{name}: it is no file of shapes, as mock-sma witness --out writes it") from None
    return Witnesses(confirmed, frozenset(refuted))


@cache
def witnesses() -> Witnesses:
    """Return what the files say that the package is shipped with, in ``fidelity/witnesses``."""
    folder = files("mock_sma.fidelity").joinpath("witnesses")
    found = [item for item in folder.iterdir() if item.name.endswith(".json")] if folder.is_dir() else []
    return joined((item.name, json.loads(item.read_text(encoding="utf-8"))) for item in sorted(found, key=str))
