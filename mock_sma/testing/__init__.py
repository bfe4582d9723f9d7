"""A world inside a test process: httpx clients answered without a socket, a server in a thread, helpers for tests.

Everything is imported when it is first asked for, since pytest loads this package wherever it is installed.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # typing's own would have typing imported, which takes longer than all else here
if TYPE_CHECKING:
    from mock_sma.testing.case import SmaHostsTestCase, SmaTestCase
    from mock_sma.testing.code_flow import code_flow_token, owner_answers
    from mock_sma.testing.given import SmaHosts, SmaMock, SmaServer
    from mock_sma.testing.live import LiveServer
    from mock_sma.testing.respx_router import SmaRouter
    from mock_sma.testing.routers import router
    from mock_sma.testing.transports import Asked, SandboxTransport, asgi_app, ask, transport
    from mock_sma.testing.world import SmaWorld

__all__ = [
    "Asked",
    "LiveServer",
    "SandboxTransport",
    "SmaHosts",
    "SmaHostsTestCase",
    "SmaMock",
    "SmaRouter",
    "SmaServer",
    "SmaTestCase",
    "SmaWorld",
    "asgi_app",
    "ask",
    "code_flow_token",
    "owner_answers",
    "router",
    "transport",
]

_HOMES = {
    "Asked": "transports",
    "LiveServer": "live",
    "SandboxTransport": "transports",
    "SmaHosts": "given",
    "SmaHostsTestCase": "case",
    "SmaMock": "given",
    "SmaRouter": "respx_router",
    "SmaServer": "given",
    "SmaTestCase": "case",
    "SmaWorld": "world",
    "asgi_app": "transports",
    "ask": "transports",
    "code_flow_token": "code_flow",
    "owner_answers": "code_flow",
    "router": "routers",
    "transport": "transports",
}


if not TYPE_CHECKING:  # to a type checker every name would be there, also a misspelt one

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module 'mock_sma.testing' has no attribute {name!r}")
        return getattr(import_module(f"mock_sma.testing.{home}"), name)
