"""pytest-httpx and pytest-httpx2, the real ones, beside our fixtures: a clear word where they would answer for us."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.server_process import environment
from tests.testing.inner import OTHERS
from tools.apart import folder_of

if TYPE_CHECKING:
    from pathlib import Path

START = "import sys; sys.path += sys.argv[1:3]; import pytest; sys.exit(pytest.main(sys.argv[3:]))"
SUITE = """
import httpx, httpx2, pytest

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
NOT_SMAS = pytest.mark.httpx_mock(should_mock=lambda request: "smaapis.de" not in request.url.host)

@pytest.mark.parametrize("ours", ["sma_mock", "sma_hosts"])
def test_refused(httpx_mock, request, ours):
    request.getfixturevalue(ours)

def test_refused_in_the_other_order(sma_mock, httpx_mock):
    pass

def test_refused_for_httpx2(sma_mock, httpx2_mock):
    pass

@NOT_SMAS
@pytest.mark.parametrize("ours", ["sma_mock", "sma_hosts"])
def test_side_by_side(httpx_mock, request, ours):
    sma = request.getfixturevalue(ours)
    httpx_mock.add_response(url="https://example.org/", status_code=204)
    assert httpx.get("https://example.org/").status_code == 204
    assert httpx.get(PLANTS).status_code == 401
    assert sma.sandbox.requests.statuses == [401]

def test_httpx2_side_by_side(sma_hosts, httpx2_mock):
    httpx2_mock.get("https://example.org/").respond(204)
    assert httpx2.get("https://example.org/").status_code == 204
    assert httpx.get(PLANTS).status_code == 401

def test_alone(httpx_mock):
    httpx_mock.add_response(url=PLANTS, status_code=204)
    assert httpx.get(PLANTS).status_code == 204
"""


@pytest.mark.slow
def test_what_would_answer_in_the_worlds_place_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(dedent(SUITE), encoding="utf-8")
    places = [str(folder_of(name)) for name in ("pytest_httpx", "pytest_httpx2")]
    words = ["-p", "pytest_httpx", "-p", "pytest_httpx2._plugin", "-q", "-rA"]
    words += [word for name in OTHERS for word in ("-p", f"no:{name}")]
    done = subprocess.run(
        [sys.executable, "-c", START, *places, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment(COLUMNS="400"),
    )
    assert "4 passed" in done.stdout, done.stdout
    for name in ("test_refused[sma_mock]", "test_refused[sma_hosts]"):
        assert f"FAILED test_it.py::{name} - Failed: mock-sma: {name[13:-1]}: the fixture httpx_mock" in done.stdout
    assert "ERROR test_it.py::test_refused_in_the_other_order - Failed: mock-sma: sma_mock: the fixture" in done.stdout
    assert "should_mock=lambda request" in done.stdout
    assert (
        "ERROR test_it.py::test_refused_for_httpx2 - Failed: mock-sma: sma_mock: the fixture httpx2_mock" in done.stdout
    )
