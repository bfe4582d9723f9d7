"""Whether a request has the query and the body that a fault rule is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from mock_sma.sandbox.exchange import FORM, parameter_pairs
from mock_sma.sandbox.paths import fits

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Request


def fits_query(wanted: tuple[tuple[str, str | None], ...], query: str) -> bool:
    """Tell whether a query has the parameters that are wanted, and none of those that are to be missing."""
    given = parameter_pairs(query)
    for name, pattern in wanted:
        values = [value for key, value in given if key.lower() == name.lower()]
        if pattern is None:
            if values:
                return False
        elif not any(_fits_text(pattern, value) for value in values):
            return False
    return True


def fits_body(wanted: object, request: Request) -> bool:
    """Tell whether a body fits a pattern as a whole, or has the members that are wanted."""
    text = request.body.decode("utf-8", "replace")
    if isinstance(wanted, str):
        return _fits_text(wanted, text)
    if request.media_type.encode() == FORM:
        return _has(wanted, dict(reversed(parameter_pairs(text))))
    try:
        return _has(wanted, orjson.loads(request.body))
    except ValueError:
        return False


def _has(wanted: object, value: Any) -> bool:
    """Tell whether a value is what is wanted; of an object only the members that are named, in any case."""
    if isinstance(wanted, dict):
        if not isinstance(value, dict):
            return False
        members = {name.lower(): item for name, item in value.items()}
        return all(name.lower() in members and _has(item, members[name.lower()]) for name, item in wanted.items())
    if isinstance(wanted, str):
        return isinstance(value, str) and _fits_text(wanted, value)
    if isinstance(value, str):  # a form has texts only
        return orjson.dumps(wanted).decode() == value
    return isinstance(wanted, bool) == isinstance(value, bool) and bool(wanted == value)


def _fits_text(pattern: str, text: str) -> bool:
    return fits(pattern.lower().split("*"), text.lower())
