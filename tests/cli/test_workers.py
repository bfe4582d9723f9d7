"""``serve --workers``: several processes at one port, one ready line, one end."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.cli.workers import wait_for
from tests.redis_server import needs_redis, redis
from tests.server_process import PLAIN, get, run, serve, token

if TYPE_CHECKING:
    import subprocess

NOW = ("--now", "2025-06-15T12:00:00+02:00", "--rate", "0")


def children(process: subprocess.Popen[str]) -> list[int]:
    text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split()]


def is_there(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def until(what: object) -> None:
    """Wait for what a process does that tells nobody."""
    end = time.monotonic() + 20.0
    while not (callable(what) and what()):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow  # starts three servers, one more, and one alone
def test_workers_are_one_server_and_end_with_it(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "a.sqlite"))
    with serve(*NOW, "--workers", "3", *state) as (process, facts):
        assert facts["workers"] == 3
        log, *workers = children(process)  # in the order in which they began
        assert len(workers) == 3
        bearer = {"authorization": f"Bearer {token(facts['url']).json()['access_token']}"}
        for _ in range(20):  # each over a connection of its own, and so by any worker
            assert get(f"{facts['url']}/monitoring/v1/plants", headers=bearer).status_code == 200
        told = get(f"{facts['url']}/_mock/requests").json()
        assert len(told) == len({item["id"] for item in told}) == 21
        assert len({item["server"] for item in told}) > 1
        for one in (workers[0], log):
            os.kill(one, signal.SIGKILL)
            until(lambda one=one: len(children(process)) == 4 and one not in children(process))
        until(lambda: get(f"{facts['url']}/monitoring/v1/plants", headers=bearer).status_code == 200)
        everyone = children(process)
        process.terminate()
        assert process.wait() == 0
        assert not any(map(is_there, everyone))
        assert process.stderr is not None
        told = process.stderr.read()
        assert "worker 1 has ended with -9; another one takes its place" in told
        assert "the process that has the state has ended with -9; another one takes its place" in told
    assert [item.name for item in tmp_path.iterdir()] == ["a.sqlite"]
    with serve(*NOW, *state) as (_, facts):  # and goes on alone
        assert get(f"{facts['url']}/monitoring/v1/plants", headers=bearer).status_code == 200
        assert len({item["id"] for item in get(f"{facts['url']}/_mock/requests").json()}) == 23


@pytest.mark.slow
@needs_redis
def test_workers_that_nobody_looks_after_end(tmp_path: Path) -> None:
    with redis(tmp_path) as store, serve(*NOW, "--workers", "2", "--state", store.url()) as (process, facts):
        workers = children(process)
        process.kill()
        until(lambda: not any(map(is_there, workers)))
        with pytest.raises(httpx.ConnectError):
            httpx.get(facts["url"], verify=PLAIN, trust_env=False, timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (["--workers", "2"], 2, "needs a state that they share"),
        (["--workers", "2", "--state", "http://localhost"], 2, "begins with redis://"),
        (["--workers", "2", "--state", "a.sqlite", "--watch"], 2, "--watch is for one server"),
        (["--workers", "2", "--state", "nowhere/a.sqlite"], 1, "there is no directory nowhere"),
        (["--workers", "0"], 2, "must be between 1 and 64"),
        (["--workers", "2", "--state", "redis://127.0.0.1:1"], 1, "cannot be reached"),
    ],
)
def test_workers_that_cannot_begin_say_why(options: list[str], status: int, words: str) -> None:
    done = run("serve", "--port", "0", *options)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr


def test_a_process_that_does_not_end_is_killed_after_a_grace() -> None:
    quick, stuck = os.posix_spawn("/bin/true", ["true"], {}), os.posix_spawn("/bin/sleep", ["sleep", "60"], {})
    os.kill(stuck, signal.SIGSTOP)
    wait_for([quick, stuck], grace=0.05)
    assert not is_there(quick)
    assert not is_there(stuck)
