"""Patterns of paths, the same for the journal and for fault rules (INTERFACE, ``match.path``)."""

from __future__ import annotations

import re
from urllib.parse import unquote

_MONITORING, _REPORTING = "/monitoring", "/basicreporting"
_REPORTING_HOST = "basicreporting.smaapis.de"


def canonical_path(path: str, host: str = "") -> str:
    """Return a path as every layout has it: in lower case, decoded, without the monitoring API's mount.

    Args:
        path: as sent, without its query.
        host: that it was sent to; tells BasicReporting's own host, whose paths look like the monitoring API's.
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

    __slots__ = ("_regex", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        parts = canonical_path(text).split("*")
        self._regex = re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)

    def matches(self, path: str, host: str = "") -> bool:
        """Tell whether a path (as sent, without its query) fits."""
        return self._regex.fullmatch(canonical_path(path, host)) is not None
