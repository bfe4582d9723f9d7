"""How many ``Host`` headers a request has: one, on every road (RFC 9112, section 3.2).

Whether that one holds a host and a port and no more is told by :func:`mock_sma.sandbox.hosts.name_of`: who answers says
in its own form that it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def host_problem(headers: Iterable[tuple[bytes, bytes]], version: str) -> str | None:
    """Return what is wrong with the Hosts of a request's headers (names in lower case), or None.

    Args:
        version: of HTTP; 1.0 does without a Host.
    """
    count = sum(name == b"host" for name, _ in headers)
    if count > 1:
        return "a request names one Host"
    return None if count or version == "1.0" else "a request names its Host"
