"""Nothing is left after a test: no patch, thread, socket, task or environment variable; beside other plugins too."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.server_process import environment

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

WATCH = """
import _socket, gc, os, socket, ssl, sys, threading
import httpcore, httpx, pytest, respx
from respx.mocks import Mocker

def patches():
    pools = httpcore.ConnectionPool.handle_request, httpcore.AsyncConnectionPool.handle_async_request
    pools += httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
    places = [dict(vars(place)) for place in (_socket, socket, socket.socket, ssl.SSLContext)]
    return pools, places, list(sys.meta_path)

def routes():
    return [item for mocker in Mocker.registry.values() for item in mocker.routers] + list(respx.mock.routes)

def environ():
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}

def threads():
    return {thread.ident for thread in threading.enumerate() if thread.name != "mock-sma"}

def sockets():
    gc.collect()
    return sum(is_socket(name) for name in os.listdir("/proc/self/fd"))

def is_socket(name):
    try:
        return os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    except OSError:
        return False

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    before = patches(), environ(), threads(), sockets()
    result = yield
    # The server lives as long as the session, and its end of a connection closes when it likes.
    few = sockets() <= before[3] or "server" in item.nodeid
    ours = (patches() == before[0], environ() == before[1], threads() <= before[2], routes() == [], few)
    assert all(ours), (item.nodeid, ours)
    return result

opened = []

def pytest_sessionstart(session):
    opened.append(sockets())

def pytest_unconfigure(config):
    assert "mock-sma" not in {thread.name for thread in threading.enumerate()}
    assert sockets() <= opened[0]
"""
SUITE = """
import asyncio, unittest
import httpx, pytest, requests

FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"

@pytest.mark.parametrize("time", range(2))
def test_sandbox(sma_sandbox, time):
    assert len(sma_sandbox.requests) == 0

@pytest.mark.parametrize("time", range(2))
def test_mock(sma_mock, time):
    assert httpx.post(TOKEN, data=FORM).status_code == 200
    assert len(sma_mock.sandbox.requests) == 1

@pytest.mark.asyncio
@pytest.mark.parametrize("time", range(2))
async def test_mock_in_asyncio(sma_mock, time):
    async with httpx.AsyncClient() as client:
        answers = await asyncio.gather(*(client.post(TOKEN, data=FORM) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3

@pytest.mark.anyio
async def test_mock_in_anyio(sma_mock, anyio_backend):
    async with httpx.AsyncClient() as client:
        assert (await client.post(TOKEN, data=FORM)).status_code == 200

@pytest.mark.parametrize("time", range(2))
def test_server(sma_server, time):
    with httpx.Client(base_url=sma_server.url, trust_env=False) as client:
        assert client.post("/oauth2/token", data=FORM).status_code == 200
    assert len(sma_server.sandbox.requests) == 1

@pytest.mark.parametrize("time", range(2))
def test_hosts_by_a_server(sma_hosts, time):
    with requests.Session() as session:
        assert session.post(TOKEN, data=FORM, timeout=20).status_code == 200
    assert len(sma_hosts.sandbox.requests) == 1

@pytest.mark.asyncio
async def test_server_in_asyncio(sma_server):
    async with httpx.AsyncClient(base_url=sma_server.url, trust_env=False) as client:
        assert (await client.post("/oauth2/token", data=FORM)).status_code == 200

class TestCase(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def world(self, sma_mock):
        self.sma = sma_mock

    def test_token(self):
        self.assertEqual(httpx.post(TOKEN, data=FORM).status_code, 200)
"""
OTHERS = ("cacheprovider", "schemathesis", "hypothesispytest", "pytest_cov", "faker")
"""Plugins that have nothing to do here and cost time."""

INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"


def run(folder: Path, *options: str, python: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    blocked = [word for name in OTHERS for word in ("-p", f"no:{name}")]
    (folder / "conftest.py").write_text(dedent(WATCH))
    (folder / "test_suite.py").write_text(dedent(SUITE))
    (folder / "pytest.ini").write_text(INI)
    return subprocess.run(
        [sys.executable, *python, "-m", "pytest", "-q", *blocked, *options, str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder,
        env=environment(),
    )


@pytest.mark.skipif(os.name != "posix", reason="looks at /proc")
def test_nothing_is_left_after_a_test(tmp_path: Path) -> None:
    result = run(tmp_path, "--randomly-dont-reorganize", "-n0", python=("-X", "dev"))
    assert result.returncode == 0, result.stdout
    assert "14 passed" in result.stdout


def test_workers_in_parallel_and_any_order_do_not_see_one_another(tmp_path: Path) -> None:
    result = run(tmp_path, "-n", "4", "--randomly-seed=3")
    assert result.returncode == 0, result.stdout
    assert "14 passed" in result.stdout
