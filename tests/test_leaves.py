"""What the core names and does not know: there under its name, and loaded by nobody who does not want it."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import mock_sma

PACKAGE = Path(mock_sma.__file__).parent
CODE = "\n".join(file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py")))
NAMED = sorted(
    {*re.findall(r'\b(?:leaf|later)\(\s*"([\w.]+)", "(\w+)"', CODE)}
    | {(f"pages.{module}", name) for module, name in re.findall(r'"(authorize|portal)\.(\w+)"', CODE)}
)
"""Modules and what is wanted of them."""

ORDINARY = """
import sys
from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request
world = Sandbox(load_scenario("sandbox"), now="2025-06-15T12:00:00+02:00")
form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
kind = {b"content-type": b"application/x-www-form-urlencoded"}
token = world.handle(Request("POST", "/oauth2/token", headers=kind, body=form)).body.decode().split('"')[3]
access = {b"authorization": f"Bearer {token}".encode()}
ask = access | {b"content-type": b"application/json"}
owner = b'{"loginHint": "apiTestUser@apiSandbox.com"}'
world.handle(Request("POST", "/oauth2/v2/bc-authorize", headers=ask, body=owner))
world.consents.accept("apiTestUser@apiSandbox.com", "demo_api")
day = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day"
reply = world.handle(Request("GET", day, query="Date=2025-06-14", headers=access))
assert reply.status == 200 and len(reply.body) > 1000, reply.body
print(*sorted({name.split(".")[1] for name in sys.modules if name.startswith("mock_sma.")}))
"""
LEAVES = {module.partition(".")[0] for module, _ in NAMED} - {"scenarios"}
"""Packages of them; the scenario that a name stands for is composed in one of them."""


@pytest.mark.parametrize(("module", "name"), NAMED)
def test_what_is_named_is_there(module: str, name: str) -> None:
    assert callable(getattr(import_module(f"mock_sma.{module}"), name))


@pytest.mark.slow
def test_an_ordinary_request_is_answered_without_any_leaf() -> None:
    assert {"explain", "fault_rules", "findings", "openapi", "overlay", "pages", "truth", "worlds"} <= LEAVES
    done = subprocess.run([sys.executable, "-c", ORDINARY], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.split())
    assert {"sandbox", "simulation"} <= loaded
    assert loaded & LEAVES == set()
