"""``mock-sma run``: any program, unchanged, with its own streams, signals and exit status."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.server_process import COMMAND, environment

pytestmark = pytest.mark.slow

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
CURL = ("curl", "-sS", "-o", os.devnull, "-w", "%{http_code}", PLANTS)
PYTHON = f"""
import asyncio, aiohttp, requests
session = requests.Session()
session.trust_env = False
print(session.get({PLANTS!r}).status_code, requests.get({PLANTS!r}).status_code)
async def go():
    async with aiohttp.ClientSession() as http, http.get({PLANTS!r}) as answer:
        print(answer.status)
asyncio.run(go())
"""
NODE = f"fetch({PLANTS!r}).then((answer) => console.log(answer.status))"


def start(*words: str, tmp: Path | None = None, **env: str) -> subprocess.Popen[str]:
    more = {} if tmp is None else {"TMPDIR": str(tmp)}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([*COMMAND, "run", *words], text=True, env=environment(**more, **env), **pipes)


def run(*words: str, given: str = "", tmp: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    with start(*words, tmp=tmp, **env) as process:
        out, err = process.communicate(given, timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


@pytest.fixture(params=["auto", "proxy", pytest.param("namespace", marks=pytest.mark.container)])
def via(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_curl_python_and_node_reach_the_world(via: str) -> None:
    assert run("--via", via, "--", *CURL).stdout == "401"
    assert run("--via", via, "--", sys.executable, "-c", PYTHON).stdout == "401 401\n401\n"
    assert run("--via", via, "--", "node", "-e", NODE).stdout == "401\n"


def test_nothing_is_added_to_what_the_command_prints(via: str) -> None:
    done = run("--via", via, "--", "sh", "-c", "cat; echo err >&2", given="in")
    assert done.stdout == "in"
    assert done.stderr.endswith("err\n")
    assert done.returncode == 0


@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143)])
def test_the_exit_status_is_the_commands(via: str, script: str, status: int) -> None:
    assert run("--via", via, "--", "sh", "-c", script).returncode == status


def test_a_command_that_cannot_be_run_ends_as_in_a_shell(tmp_path: Path) -> None:
    done = run("--", "no-such-command")
    assert done.returncode == 127
    assert "mock-sma: no-such-command: No such file" in done.stderr
    (tmp_path / "text").write_text("")
    assert run("--", str(tmp_path / "text")).returncode == 126


def test_without_a_command_it_says_how() -> None:
    done = run("--seed", "3", "--")
    assert done.returncode == 2
    assert "mock-sma run -- COMMAND" in done.stderr


def test_the_environment_names_the_world_and_its_client(via: str) -> None:
    words = ("--scenario", "ennexos", "--now", "2025-06-15T12:00:00+02:00", "--rate", "0", "--control-token", "t0ken")
    code = """
import json, os, urllib.request
request = urllib.request.Request(os.environ["MOCK_SMA_URL"] + "/_mock/scenario")
request.add_header("Authorization", "Bearer " + os.environ["MOCK_SMA_CONTROL_TOKEN"])
told = json.load(urllib.request.urlopen(request))
print(json.dumps([told["name"], os.environ["MOCK_SMA_CLIENT_ID"], os.environ["MOCK_SMA_CLIENT_SECRET"]]))
"""
    done = run("--via", via, *words, "--", sys.executable, "-c", code)
    assert json.loads(done.stdout) == ["ennexos", "demo_api", "demo_secret"]


def test_the_world_is_reached_from_outside_too(via: str) -> None:
    with start("--via", via, "--", "sh", "-c", "echo $MOCK_SMA_URL; cat") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/_mock/health", trust_env=False, timeout=60).json()["status"] == "ok"
        process.stdin.close()
        assert process.wait(30) == 0


def test_signals_are_handed_on(via: str) -> None:
    script = 'trap "echo told; exit 9" TERM; echo ready; while :; do sleep 0.02; done'
    with start("--via", via, "--", "sh", "-c", script) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "told\n"
        assert process.wait(30) == 9


COUNT = """
import signal, sys, time
count = []
signal.signal(signal.SIGINT, lambda *_: count.append(1))
print("tty", sys.stdin.isatty(), sys.stdout.isatty(), flush=True)
while not count:
    time.sleep(0.01)
time.sleep(0.3)
print(f"told {len(count)}.", flush=True)
"""


def test_the_terminal_is_the_commands_and_interrupts_it_once(via: str) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        command = [*COMMAND, "run", "--via", via, "--", sys.executable, "-c", COUNT]
        os.execve(command[0], command, environment())  # noqa: S606 - the child of the fork
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        until(screen, b"tty True True")
        os.write(terminal, b"\x03")
        assert b"told 1." in until(screen, b"told 1.")
        _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def until(screen: object, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        piece = screen.read(1_000)  # type: ignore[attr-defined]
        assert piece, seen
        seen += piece
    return seen


def exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_no_process_and_no_file_is_left(via: str, tmp_path: Path) -> None:
    done = run("--via", via, "--", "sh", "-c", "(sleep 300 & echo $!); setsid sleep 300 & echo $!", tmp=tmp_path)
    left = [int(line) for line in done.stdout.split()]
    assert len(left) == 2
    assert not any(map(exists, left))
    assert list(tmp_path.iterdir()) == []


def test_what_ignores_the_end_is_ended_all_the_same(tmp_path: Path) -> None:
    done = run(
        "--", "sh", "-c", 'sh -c "trap : TERM; echo \\$\\$; while :; do sleep 0.1; done" & sleep 0.3', tmp=tmp_path
    )
    assert not exists(int(done.stdout))


def test_a_run_that_is_killed_leaves_no_process_and_no_file(via: str, tmp_path: Path) -> None:
    ignoring = 'trap "" TERM; (trap "" TERM; sleep 300) & echo $$ $!; while :; do sleep 0.1; done'
    with start("--via", via, "--", "sh", "-c", ignoring, tmp=tmp_path) as process:
        assert process.stdout is not None
        left = [int(word) for word in process.stdout.readline().split()]
        assert len(list(tmp_path.iterdir())) == 1
        process.kill()
        process.wait(30)
        for _ in range(1_000):
            if not any(map(exists, left)) and not list(tmp_path.iterdir()):
                break
            time.sleep(0.01)
        else:
            pytest.fail(f"{left} or {list(tmp_path.iterdir())} is left")


def test_a_failure_shows_the_report_and_a_success_does_not(via: str, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    failed = run("--via", via, "--report", str(file), "--", "sh", "-c", f"{' '.join(CURL)}; exit 1")
    assert failed.stdout == "401"
    assert "1 GET /monitoring/v1/plants: 401 refused" in failed.stderr
    assert file.read_text() in failed.stderr
    fine = run("--via", via, "--report", str(file), "--", *CURL)
    assert "GET /monitoring" not in fine.stderr
    assert "1 GET /monitoring/v1/plants: 401 refused" in file.read_text()


def test_auto_says_which_way_it_took(via: str) -> None:
    said = run("--via", via, "--", "true").stderr
    assert ("mock-sma: sandbox on http://127.0.0.1:" in said) == (via == "auto")
    assert said.count("\n") == (via == "auto")


@pytest.fixture
def without_namespaces() -> list[str]:
    """Give what a command is put behind to find that it may have no network of its own."""
    limit = 'echo 0 >/proc/sys/user/max_net_namespaces; exec "$@"'
    return ["unshare", "--user", "--map-root-user", "sh", "-c", limit, "sh", *COMMAND, "run"]


@pytest.mark.container
def test_without_namespaces_auto_takes_the_proxy_and_says_why(without_namespaces: list[str]) -> None:
    for words, status in ((CURL, 0), (("true",), 0)):
        done = subprocess.run(
            [*without_namespaces, "--", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(),
        )
        assert done.returncode == status
        assert "via proxy, for there are no namespaces (unshare: No space left on device)" in done.stderr
    forced = [*without_namespaces, "--via", "namespace", "--", "true"]
    done = subprocess.run(forced, capture_output=True, text=True, timeout=60, check=False, env=environment())
    assert done.returncode == 1
    assert done.stderr == (
        "mock-sma: --via namespace: unshare: No space left on device; --via proxy works on every system\n"
    )


@pytest.mark.container
def test_a_namespace_has_no_way_out_but_what_is_let_through() -> None:
    with start("--via", "proxy", "--", "sh", "-c", "echo $MOCK_SMA_URL; cat") as other:
        assert other.stdin is not None
        assert other.stdout is not None
        port = other.stdout.readline().strip().rpartition(":")[2]
        ask = ["curl", "-sS", "-m", "5", f"http://localhost:{port}/_mock/health"]
        alone = run("--via", "namespace", "--", *ask)
        assert "Failed to connect" in alone.stderr
        for passed in (f"localhost:{port}", f"127.0.0.1:{port}", f"example.invalid:9,localhost:{port}"):
            through = run("--via", "namespace", "--pass-through", passed, "--", *ask)
            assert json.loads(through.stdout)["status"] == "ok"
        assert "no way to IPv6" in run("--via", "namespace", "--pass-through", "[::1]:9", "--", *ask).stderr
        other.stdin.close()


def test_a_proxy_refuses_other_hosts_and_lets_through_what_is_named() -> None:
    done = run("--via", "proxy", "--", "curl", "-sS", "https://example.org/")
    assert "CONNECT tunnel failed, response 403" in done.stderr
    done = run("--via", "proxy", "--pass-through", "example.invalid", "--", "curl", "-sS", "https://example.invalid/")
    assert "CONNECT tunnel failed, response 502" in done.stderr
