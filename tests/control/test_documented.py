"""What the documentation and a type checker say of the clients of the control API."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mock_sma.control import ControlClient
from tests.control.test_client import routes

DOCS = Path(__file__).parents[2] / "docs" / "control.md"


@pytest.mark.slow
def test_every_route_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    documented = set(re.findall(r"`((?:GET|PUT|POST|PATCH|DELETE) /_mock/[^`?\s]*)`", text))
    named = {re.sub(r"\{\w+\}", "{}", route) for route in documented}
    wanted = {re.sub(r"\{\w+\}", "{}", route) for route in routes()}
    assert wanted - named == set()
    assert named - wanted == set()


def test_every_method_of_the_client_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    methods = [name for name, _ in inspect.getmembers(ControlClient, inspect.isfunction) if name[0] != "_"]
    assert [name for name in methods if f"{name}(" not in text and name not in ("send", "close")] == []


TYPED = """
from typing import assert_type

from mock_sma.control import AsyncControlClient, ControlClient
from mock_sma.control.models import ClockState, ConsentRecord, Exchange

def use(client: ControlClient) -> None:
    assert_type(client.clock(), ClockState)
    assert_type(client.accept("a@example.org", client_id="c"), list[ConsentRecord])
    client.advance(minutes="five")

async def use_async(client: AsyncControlClient) -> None:
    assert_type(await client.clock(), ClockState)
    assert_type(await client.requests(status=401, limit=1), list[Exchange])
    await client.world("gw0").delete_world(world="gw1")
"""


@pytest.mark.slow
def test_a_type_checker_sees_parameters_and_results_of_both_clients(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(TYPED)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}", "use.py"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300).stdout
    assert re.findall(r":(\d+): error: .*\[(.*)\]", shown) == [("10", "arg-type"), ("15", "call-arg")]
