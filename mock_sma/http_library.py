"""httpx, or httpx2 where only that is installed: both have the interface that is used here."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    import httpx
else:
    try:
        import httpx
    except ModuleNotFoundError:
        try:
            import httpx2 as httpx
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "neither httpx nor httpx2 is installed; pip install httpx", name="httpx"
            ) from None

__all__ = ["httpx", "installed"]


def installed() -> list[ModuleType]:
    """Return those of the two libraries that are installed."""
    return [import_module(name) for name in ("httpx", "httpx2") if find_spec(name) is not None]
