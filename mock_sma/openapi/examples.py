"""Examples of answers: what a world of the scenario ``sandbox`` gives, kept in ``examples.json``.

``make generated`` writes the file, and a test says when it is out of date.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from mock_sma.sandbox.table.operation import Operation

OWNER = "apiTestUser@apiSandbox.com"

REQUESTS: dict[str, dict[str, str]] = {
    "token": {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"},
    "requestConsent": {"loginHint": OWNER},
    "simulateConsent": {"state": "Accepted"},
    "simulateConsentState": {"status": "accepted"},
}
"""Bodies to send, with the clients and the owner of the shipped scenarios."""

ERRORS = {
    400: "The Date '2025-6-1' does not fit the period Day: YYYY-MM-DD is expected",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
}
"""Messages of the bodies ``{"message","code"}``; that of 400 differs by what does not fit."""


@cache
def examples() -> dict[str, Any]:
    """Return bodies by operation id."""
    found: dict[str, Any] = orjson.loads(files("mock_sma.openapi").joinpath("examples.json").read_bytes())
    return found


def example_of(operation: Operation) -> dict[str, Any]:
    """Return the member ``example`` of an operation's success body; ``/v2`` shares those of ``/v1``."""
    name = operation.id.removesuffix("V2")
    return {"example": examples()[name]} if name in examples() else {}


def request_example(operation: Operation) -> dict[str, Any]:
    """Return the member ``example`` of what an operation is sent."""
    return {"example": REQUESTS[operation.id]} if operation.id in REQUESTS else {}


def error_example(status: int) -> dict[str, Any]:
    """Return the member ``example`` of an error of the resource and consent hosts."""
    return {"example": {"message": ERRORS[status], "code": str(status)}} if status in ERRORS else {}
