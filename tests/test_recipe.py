"""CONTRIBUTING's recipe works as it stands: each endpoint is one handler, one wire model and one line of the table."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_sma.fidelity import Ledger
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.table.facts import facts, row_of
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.scenario_file import load_scenario
from mock_sma.testing.live import LiveServer
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import ask, content, tokens

ROOT = Path(__file__).parents[1]
RECIPE = (
    (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Add an operation")[1].split("## The ledger")[0]
)
LEDGER = ROOT / "mock_sma" / "fidelity" / "ledger.toml"
TARIFF = {"plantId": "13", "name": "Testplant 1", "currency": "EUR"}
AGE = {"deviceId": "16", "since": "2020-12-07"}


def new_operations() -> Any:
    names: dict[str, Any] = {"__name__": "recipe"}
    for block in re.findall(r"```python\n(.*?)```", RECIPE, re.DOTALL):
        exec(compile(block, "CONTRIBUTING.md", "exec"), names)  # noqa: S102 - our own page
    return names["NEW"]


class Extended(Sandbox):
    """A world with the two endpoints of the recipe."""

    operations = (*OPERATIONS, *new_operations())


@pytest.fixture
def world() -> Sandbox:
    made = Extended(load_scenario("sandbox"), now=NOW)
    made.consents.accept(OWNER, "demo_api")
    return made


def test_both_endpoints_answer_in_every_layout_with_consent_and_errors(world: Sandbox) -> None:
    token = tokens(world)["access_token"]
    for mount in ("", "/monitoring"):
        assert content(ask(world, "GET", f"{mount}/v1/plants/13/tariff", bearer=token)) == TARIFF
        assert content(ask(world, "GET", f"{mount}/V1/devices/16/Age/", bearer=token)) == AGE
    assert ask(world, "GET", "/v1/plants/99/tariff", bearer=token).status == 404
    assert ask(world, "GET", "/v1/plants/13/tariff").status == 401
    assert ask(Extended(load_scenario("sandbox"), now=NOW), "GET", "/v1/plants/13/tariff", bearer=token).status == 401
    world.consents.revoke(OWNER, "demo_api")
    assert ask(world, "GET", "/v1/devices/16/age", bearer=token).status == 403


def test_the_server_answers_them_without_a_change_of_the_shell(world: Sandbox) -> None:
    token = tokens(world)["access_token"]
    with LiveServer(world) as server:
        reply = httpx.get(f"{server.url}/v1/plants/13/tariff", headers={"authorization": f"Bearer {token}"})
    assert reply.json() == TARIFF


def test_the_document_describes_them(world: Sandbox) -> None:
    paths = content(ask(world, "GET", "/monitoring/swagger/v1/swagger.json"))["paths"]
    described = paths["/monitoring/v1/devices/{deviceId}/age"]["get"]
    assert described["operationId"] == "getDeviceAge"
    assert list(described["responses"]) == ["200", "308", "401", "403", "404", "429"]


def test_the_ledger_asks_for_exactly_the_rows_of_the_recipe() -> None:
    document = tomllib.loads(LEDGER.read_text(encoding="utf-8"))
    rows = tomllib.loads(re.findall(r"```toml\n(.*?)```", RECIPE, re.DOTALL)[0])
    found = list(facts(Extended.operations))
    ledger = Ledger(document)
    missing = {(fact.kind, fact.names[0]) for fact in found if row_of(ledger, fact) is None}
    assert missing == {(kind, name) for kind, table in rows.items() for name in table}
    extended = Ledger({kind: table | rows.get(kind, {}) for kind, table in document.items()})
    assert [fact for fact in found if row_of(extended, fact) is None] == []
