"""Runs of pytest within a test, before and after the server of the session has begun."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.server_process import environment
from tests.testing.inner import OTHERS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

STORY = """
import httpx, pytest, requests
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
DAY = "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"

def story(auth, api, http=httpx):
    bearer = http.post(auth + "/oauth2/token", data=FORM, timeout=20).json()["access_token"]
    assert http.get(api + DAY, headers={"Authorization": "Bearer " + bearer}, timeout=20).status_code == 200
    assert http.get(api + DAY, headers={"Authorization": "Bearer a.b.c"}, timeout=20).status_code == 401

AUTH, API = "https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de/monitoring"
pytestmark = pytest.mark.sma(consent="accepted")

def test_server(sma_server):
    story(sma_server.url, sma_server.url)

def test_mock(sma_mock):
    story(AUTH, API)

def test_hosts(sma_hosts):
    story(AUTH, API, requests)
"""
OUTER = f"""
import pytest
pytest_plugins = ["pytester"]
STORY = {STORY!r}
PLUGINS = {OTHERS!r}

@pytest.mark.parametrize("time", range(2))
def test_inner(pytester, time):
    pytester.makepyfile(STORY)
    for _ in range(2):
        words = [word for name in PLUGINS for word in ("-p", "no:" + name)]
        pytester.runpytest_inprocess(*words).assert_outcomes(passed=3)

def test_ours_may_be_asked_for_after_an_inner_run(pytester, request):
    pytester.makepyfile("def test_it(sma_mock): pass")
    pytester.runpytest_inprocess("-p", "no:asyncio").assert_outcomes(passed=1)
    assert request.getfixturevalue("sma_mock").sandbox is request.getfixturevalue("sma_sandbox")

def test_a_module_of_an_inner_run_is_forgotten_as_ever(pytester):
    pytester.makepyfile(only_inside="STATE = 1", test_it="import only_inside\\ndef test_it(sma_mock): pass")
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
    import sys
    assert "only_inside" not in sys.modules
"""


@pytest.mark.parametrize("first", ["server", "inner"])
def test_nested_runs_work_whatever_came_first(tmp_path: Path, first: str) -> None:
    (tmp_path / "test_outer.py").write_text(OUTER, encoding="utf-8")
    (tmp_path / "test_story.py").write_text(STORY, encoding="utf-8")
    files = ["test_story.py", "test_outer.py", "test_story.py"]
    order = files[:2] if first == "server" else files[1:]
    words = [word for name in OTHERS for word in ("-p", f"no:{name}")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *words, *order],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=environment(),
    )
    assert "7 passed" in done.stdout, done.stdout[-3_000:]
