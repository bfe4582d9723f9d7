"""Many worlds in one process, each request led to its own (INTERFACE, Control API)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.sandbox.sandbox import Sandbox


class Worlds:
    """The worlds of one server.

    Args:
        default: the world of requests that name no other one.
    """

    def __init__(self, default: Sandbox) -> None:
        self.default = default

    def named(self, name: str) -> Sandbox | None:
        """Return the world with this name, or None."""
        return self.default if name == self.default.name else None

    def pick(self, request: Request) -> Sandbox:  # noqa: ARG002 - one world so far
        """Return the world a request belongs to."""
        return self.default

    def handle(self, request: Request) -> Reply:
        """Answer a request in its world."""
        return self.pick(request).handle(request)
