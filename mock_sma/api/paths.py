"""Whose a path is: the vendor API's, the owner's portal's, or the control API's."""

from __future__ import annotations

ICON = "/favicon.ico"
"""Browsers ask for it by themselves: it is no call of the API, and must not use up a fault rule that waits for one."""

OURS = frozenset({"/", "/_mock", ICON})


def is_vendor(path: str) -> bool:
    """Tell whether a path (decoded) is the vendor API's or its pages'; all others are the control API's."""
    return path not in OURS and not path.startswith("/_mock/")


def is_portal(path: str) -> bool:
    """Tell whether a path (decoded) is the owner's portal's; case counts here as little as in the routing."""
    path = path.lower()
    return path == "/portal" or path.startswith("/portal/")
