"""Which parameters of a request mean nothing to its operation, as a misspelt one does.

Nothing is taken down for it while a request is answered: query, form and operation are in the entry anyway.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from mock_sma.sandbox.exchange import parameter_pairs
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.sandbox.why import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mock_sma.sandbox.world.entry import Entry

APIS = frozenset({Api.AUTH, Api.CONSENT, Api.MONITORING, Api.BASIC_REPORTING})
"""APIs whose parameters are all in the table; pages and documents are for browsers."""

FORMS = frozenset(item.id for item in OPERATIONS if item.form)

MAX_STEPS = 10
MAX_NAME = 60


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """Return the names of all parameters and form fields by operation."""
    return {
        item.id: (*(parameter.name for parameter in item.query), *item.form) for item in OPERATIONS if item.api in APIS
    }


def ignored_steps(entry: Entry) -> Iterator[Step]:
    """Yield a step for each parameter that the entry's operation does not have, with the nearest that it has."""
    known = _known().get(entry.operation or "")
    if known is None or entry.status == 415:
        return
    text = entry.query
    if entry.operation in FORMS and entry.request_body:
        # The query stands in for a missing form only (docs/decisions.md, Tokens).
        text = entry.request_body.decode("utf-8", "replace").strip()
    lower = {name.lower(): name for name in known}
    unknown = dict.fromkeys(name for name, _ in parameter_pairs(text) if name.lower() not in lower)
    for name in list(unknown)[:MAX_STEPS]:
        yield _step(name[:MAX_NAME], lower)


def _step(name: str, lower: Mapping[str, str]) -> Step:
    near = [lower[item] for item in get_close_matches(name.lower(), list(lower), 1, 0.6)]
    if near:
        end = f"did you mean {near[0]!r}?"
    else:
        end = f"there are {', '.join(lower.values())}" if lower else "the operation takes none"
    return Step(
        f"the parameter {name!r} is unknown and was ignored; {end}",
        "ignored",
        {"parameter": name, "nearest": near[0] if near else None},
    )
