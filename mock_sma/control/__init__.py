"""A client of the control API, for tests that talk to a server or a container: httpx and types, nothing of the engine.

from mock_sma.control import ControlClient

with ControlClient("http://127.0.0.1:8080") as control:
    control.advance(minutes=5)
    control.add_fault({"match": {"path": "/v1/plants"}, "effect": {"status": 503}, "times": 2})
    control.requests(limit=1)[0]["why"]
"""

from __future__ import annotations

from mock_sma.control import models
from mock_sma.control.asynchronous import AsyncControlClient
from mock_sma.control.call import ControlError
from mock_sma.control.client import ControlClient

__all__ = ["AsyncControlClient", "ControlClient", "ControlError", "models"]
