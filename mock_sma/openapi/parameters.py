"""What stands in paths: forms, words and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.domain.catalogue import BASIC_REPORTING_SETS, DEVICE_SETS, PLANT_SETS
from mock_sma.domain.period import Period
from mock_sma.openapi.words import known_words
from mock_sma.sandbox.hosts import Api

if TYPE_CHECKING:
    from mock_sma.sandbox.table.operation import Operation

GUID = "[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
ID = {"type": "string", "pattern": f"^([0-9]{{1,19}}|{GUID})$"}


def path_parameter(operation: Operation, name: str) -> dict[str, Any]:
    """Return description, schema and example of a path parameter."""
    if name == "setType":
        words = [item.name for item in _sets(operation)]
        return _words("name of a measurement set, in any case", words)
    if name == "period":
        reporting = operation.api is Api.BASIC_REPORTING
        words = [item.value for item in Period if item.needs_date or not reporting]
        return _words("in any case", words)
    return _PLAIN[name]


def _sets(operation: Operation) -> tuple[Any, ...]:
    if operation.api is Api.BASIC_REPORTING:
        return BASIC_REPORTING_SETS
    return DEVICE_SETS if "{deviceId}" in operation.path else PLANT_SETS


def _words(description: str, words: list[str]) -> dict[str, Any]:
    return {"description": description, "schema": known_words(words), "example": words[0]}


_PLAIN: dict[str, dict[str, Any]] = {
    "plantId": {"description": "digits (ennexOS) or GUID (Classic)", "schema": ID, "example": "13"},
    "deviceId": {"description": "digits (ennexOS) or GUID (Classic)", "schema": ID, "example": "16"},
    "loginHint": {
        "description": "e-mail of the owner, @ plain or as %40",
        "schema": {"type": "string"},
        "example": "apiTestUser@apiSandbox.com",
    },
}
