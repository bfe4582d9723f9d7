"""What people write into the fields of a form."""

from __future__ import annotations

from datetime import datetime
from math import isfinite

from mock_sma.api.console.zones import BERLIN
from mock_sma.errors import UsageError


def number_of(text: str) -> float:
    """Return a finite number, a whole one as an int.

    Raises:
        UsageError: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise UsageError(f"{text[:40]!r} is not a number.")
    return int(value) if value.is_integer() else value


def instant_of(text: str) -> datetime:
    """Return the instant of a browser's date and time field, read in the time that the console shows.

    Raises:
        UsageError: it is none.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a date and time such as 2025-06-15T12:00.") from None
    return value if value.tzinfo is not None else value.replace(tzinfo=BERLIN)
