"""How ``run`` leads SMA's host names to a world."""

from __future__ import annotations

from enum import StrEnum


class Via(StrEnum):
    """How names are led."""

    AUTO = "auto"
    NAMESPACE = "namespace"
    PROXY = "proxy"
