"""The examples of the OpenAPI document: answers of a fixed world."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.scenarios import load_scenario
from tests.facts import OWNER

if TYPE_CHECKING:
    from mock_sma.sandbox.table.operation import Operation

PLACES = {"plantId": "13", "deviceId": "16", "setType": "EnergyBalance", "period": "Recent", "loginHint": OWNER}
"""What stands for a parameter of a path."""
SPECIAL = {
    "getPlants": "/v1/plants?Filter=testplant%201",
    "getDeviceMeasurements": "/v1/devices/16/measurements/sets/EnergyAndPowerPv/Recent",
    "getReportingMeasurements": "/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Year?Date=2025",
}
"""Targets that do not follow from the table."""
MOUNTS = {Api.BASIC_REPORTING: "/basicreporting"}


def target(operation: Operation) -> str:
    """Return the path and query that an operation is asked by."""
    path = MOUNTS.get(operation.api, "") + operation.path
    return SPECIAL.get(operation.id) or re.sub(r"{(\w+)}", lambda found: PLACES[found[1]], path)


TARGETS = {
    item.id: target(item)
    for item in OPERATIONS
    if item.method == "GET" and item.answer is not None and not item.id.endswith("V2")
}
"""By operation id; ``/v2`` shares the examples of ``/v1``."""


def bodies() -> dict[str, Any]:
    """Return the answers of a fixed world by operation id."""
    world = Sandbox(load_scenario("sandbox"), now="2025-06-15T12:00:00+02:00")
    world.consents.accept(OWNER, "demo_api")
    form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
    headers = {b"content-type": b"application/x-www-form-urlencoded"}
    reply = world.handle(Request("POST", "/oauth2/token", "", headers, form))
    token = json.loads(reply.body)["access_token"]
    found = {}
    for name, asked in TARGETS.items():
        path, _, query = asked.partition("?")
        reply = world.handle(Request("GET", path, query, {b"authorization": b"Bearer " + token.encode()}))
        assert reply.status == 200, (name, reply.body)
        found[name] = json.loads(reply.body)
    return found


def text() -> str:
    """Return the file."""
    return json.dumps(bodies(), indent=1, ensure_ascii=False) + "\n"
