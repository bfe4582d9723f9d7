"""Patterns of paths, the same for the journal and for fault rules (docs/control.md, Faults)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONITORING, _REPORTING = "/monitoring", "/basicreporting"
_REPORTING_HOST = "basicreporting.smaapis.de"


def canonical_path(path: str, host: str = "") -> str:
    """Return a path as every layout has it: in lower case, decoded, without the monitoring API's mount.

    Args:
        path: as sent, without its query.
        host: the host that it was sent to; tells BasicReporting's own host, whose paths look like the monitoring API's.
    """
    path = unquote(path).lower()
    if len(path) > 1:
        path = path.rstrip("/")
    if host == _REPORTING_HOST:
        return path if path.startswith(_REPORTING) else _REPORTING + path
    return path.removeprefix(_MONITORING) if path.startswith(_MONITORING + "/") else path


class PathPattern:
    """An exact path, or one with ``*`` for any run of characters, slashes included.

    Matched in any layout, without regard to case: ``/v1/plants`` is also ``/monitoring/v1/plants``.

    Args:
        text: the pattern, without a query.
    """

    __slots__ = ("_parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts = canonical_path(text).split("*")

    def matches(self, path: str, host: str = "") -> bool:
        """Tell whether a path (as sent, without its query) fits, in time that no pattern can draw out."""
        return fits(self._parts, canonical_path(path, host))


def fits(parts: Sequence[str], text: str) -> bool:
    """Tell whether a text fits a pattern, in time that no pattern can draw out.

    Args:
        parts: the pattern, split at each ``*``.
    """
    first, *between = parts
    if not between:
        return text == first
    last = between.pop()
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for part in between:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
