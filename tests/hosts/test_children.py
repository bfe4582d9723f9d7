"""Programs that a test starts reach the test's world too: Python by its start-up, others by their environment."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.hosts.libraries import FORM, PLANTS, TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.testing import SmaHosts

pytestmark = pytest.mark.slow  # each starts a program
PYTHON = {
    "requests": f"import requests; print(requests.post({TOKEN!r}, data={FORM!r}).status_code)",
    "urllib.request": f"""
import urllib.request, urllib.parse
print(urllib.request.urlopen({TOKEN!r}, urllib.parse.urlencode({FORM!r}).encode()).status)
""",
    "httpx": f"import httpx; print(httpx.post({TOKEN!r}, data={FORM!r}).status_code)",
    "aiohttp": f"""
import aiohttp, asyncio
async def go():
    async with aiohttp.ClientSession() as session, session.post({TOKEN!r}, data={FORM!r}) as answer:
        print(answer.status)
asyncio.run(go())
""",
    "aiohttp in uvloop": f"""
import aiohttp, asyncio, uvloop
async def go():
    async with aiohttp.ClientSession() as session, session.post({TOKEN!r}, data={FORM!r}) as answer:
        print(answer.status)
    await asyncio.sleep(0.01)
uvloop.run(go())
""",
}


def run(*command: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", PYTHON)
def test_a_python_program_whatever_its_library(sma_hosts: SmaHosts, name: str) -> None:
    assert run(sys.executable, "-c", PYTHON[name]) == "200"
    assert sma_hosts.sandbox.requests.statuses == [200]


def test_an_isolated_python_is_led_by_the_proxy(sma_hosts: SmaHosts) -> None:
    assert run(sys.executable, "-I", "-c", PYTHON["urllib.request"]) == "200"
    assert sma_hosts.sandbox.requests.statuses == [200]


def test_curl(sma_hosts: SmaHosts) -> None:
    written = ["-sS", "-o", os.devnull, "-w", "%{http_code}"]
    assert run("curl", *written, PLANTS) == "401"
    assert sma_hosts.sandbox.requests.statuses == [401]


def test_a_program_of_its_own_environment_needs_env_alone(sma_hosts: SmaHosts) -> None:
    clean = {"PATH": os.environ["PATH"], **sma_hosts.env}
    assert run(sys.executable, "-c", PYTHON["requests"], env=clean) == "200"
    assert run("curl", "-sS", "-o", os.devnull, "-w", "%{http_code}", PLANTS, env=clean) == "401"
    assert all(os.environ[name] == value for name, value in sma_hosts.env.items())


def test_a_child_sees_no_module_of_ours_and_its_own_proxies(sma_hosts: SmaHosts) -> None:
    code = """
import sys, urllib.request
assert [name for name in sys.modules if name.startswith("mock_sma")] == [], sys.modules
print(sorted(urllib.request.getproxies()))
"""
    assert run(sys.executable, "-c", code) == "['no']"


def test_a_sitecustomize_of_the_users_has_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('mine')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    request.getfixturevalue("sma_hosts")
    assert run(sys.executable, "-c", PYTHON["urllib.request"]).splitlines() == ["mine", "200"]


def test_a_childs_call_to_another_host_of_smas_goes_nowhere(sma_hosts: SmaHosts) -> None:
    code = "import urllib.request; urllib.request.urlopen('https://developer.sma.de/')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "developer.sma.de is SMA's and is not served here" in done.stderr
    curl = ["curl", "-sS", "https://developer.sma.de"]
    done = subprocess.run(curl, capture_output=True, text=True, timeout=60, check=False)
    assert "CONNECT tunnel failed, response 403" in done.stderr
