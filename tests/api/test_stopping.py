"""The end: SIGTERM under load loses no answer that was begun; after SIGKILL a restart comes up clean."""

from __future__ import annotations

import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.server_process import PLAIN, get, serve, token

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.slow

PATH = "/monitoring/v1/plants"
REQUEST = b"GET /monitoring/v1/plants HTTP/1.1\r\nhost: localhost\r\n\r\n"
BOUND = 1.0
"""Longest time from the signal to the end [s]."""

SLACK = 8.0
"""For what a busy machine and the callers on the same cores add to it [s]; `make bench` shows the time alone."""


def strike(url: str, **effect: object) -> None:
    """Let a fault rule strike the next vendor request."""
    rule = {"match": {"path": PATH}, "effect": effect, "times": 1}
    httpx.post(f"{url}/_mock/faults", json=rule, trust_env=False, verify=PLAIN, timeout=30).raise_for_status()


def begun(url: str) -> None:
    """Wait until a request has reached the world."""
    while not get(f"{url}/_mock/requests", params={"path": PATH}).json():
        pass


def stop(process: subprocess.Popen[str]) -> float:
    """Send SIGTERM, wait for the end and return how long it took [s]."""
    since = time.monotonic()
    process.terminate()
    assert process.wait(timeout=10) == 0
    return time.monotonic() - since


@pytest.mark.parametrize("effect", [{"delay": 0.3}, {"fault": "slow_body", "delay": 0.3}])
def test_an_answer_under_way_arrives_whole(effect: dict[str, Any]) -> None:
    with serve() as (process, ready), ThreadPoolExecutor() as pool:
        url = ready["url"]
        whole = get(url + PATH)
        httpx.delete(f"{url}/_mock/requests", trust_env=False, verify=PLAIN, timeout=30)
        strike(url, **effect)
        answer = pool.submit(get, url + PATH)
        begun(url)
        took = stop(process)
        assert answer.result().content == whole.content
        assert took < BOUND + SLACK


def test_an_answer_that_would_take_too_long_does_not_hold_the_end() -> None:
    with serve() as (process, ready), ThreadPoolExecutor() as pool:
        strike(ready["url"], delay=30)
        answer = pool.submit(get, ready["url"] + PATH)
        begun(ready["url"])
        assert stop(process) < BOUND + SLACK
        with pytest.raises(httpx.RemoteProtocolError):
            answer.result()
        assert process.stderr is not None
        (line,) = process.stderr.read().splitlines()
        assert line.endswith("the server ends; 1 connection was closed with a request unanswered")


def test_a_second_ctrl_c_ends_at_once_and_says_no_more() -> None:
    with serve() as (process, ready), ThreadPoolExecutor() as pool:
        strike(ready["url"], delay=30)
        answer = pool.submit(httpx.get, ready["url"] + PATH, trust_env=False, timeout=30)
        begun(ready["url"])
        process.send_signal(signal.SIGINT)
        # Two signals sent at once arrive as one. What waits to be taken in when the server stops taking in is reset.
        with suppress(httpx.TransportError):
            while True:
                httpx.get(f"{ready['url']}/_mock/health", trust_env=False, timeout=30)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert isinstance(answer.exception(), httpx.TransportError)
        assert process.stderr is not None
        assert len(process.stderr.read().splitlines()) == 1


class Caller:
    """A client that asks again and again over one connection, and knows whether an answer was cut."""

    def __init__(self, url: str, enough: threading.Semaphore) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 0))
        self._enough = enough
        self.whole = 0
        self.cut = b""

    def run(self) -> None:
        """Ask until the server closes the connection."""
        with self._socket, self._socket.makefile("rb") as answers:
            while True:
                try:
                    self._socket.sendall(REQUEST)
                    head = answers.readline()
                except ConnectionError:
                    return
                if not head:
                    return
                try:
                    self._body(answers)
                except (ConnectionError, EOFError):
                    self.cut = head
                    return
                self.whole += 1
                self._enough.release()

    @staticmethod
    def _body(answers: Any) -> None:
        length = 0
        while (line := answers.readline()) != b"\r\n":
            if not line:
                raise EOFError
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        if len(answers.read(length)) < length:
            raise EOFError


def under_load(url: str, count: int, then: Any) -> list[Caller]:
    """Run callers, do ``then`` once there were ``count`` answers, and return them when all connections are closed."""
    enough = threading.Semaphore(0)
    callers = [Caller(url, enough) for _ in range(8)]
    threads = [threading.Thread(target=caller.run) for caller in callers]
    for thread in threads:
        thread.start()
    for _ in range(count):
        assert enough.acquire(timeout=20)
    then()
    for thread in threads:
        thread.join(timeout=20)
    return callers


def test_term_under_load_cuts_no_answer() -> None:
    took: list[float] = []
    with serve() as (process, ready):
        callers = under_load(ready["url"], 500, lambda: took.append(stop(process)))
    assert [caller.cut for caller in callers if caller.cut] == []
    assert sum(caller.whole for caller in callers) >= 500
    assert took[0] < BOUND + SLACK


def test_after_a_kill_under_load_a_restart_on_the_same_port_comes_up_clean() -> None:
    with serve() as (process, ready):
        under_load(ready["url"], 200, process.kill)
        process.wait(timeout=10)
    port = ready["url"].rpartition(":")[2]
    with serve("--port", port) as (_, again):
        assert again["url"] == ready["url"]
        assert get(f"{again['url']}/_mock/requests").json() == []
        assert token(again["url"]).status_code == 200
