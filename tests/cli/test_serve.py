"""The server as a user runs it: its ready line, its settings, its warnings, its end."""

from __future__ import annotations

import json
import re
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma import __version__
from tests.facts import NOW
from tests.sandbox_helpers import make
from tests.sandbox_helpers import token as token_of
from tests.server_process import COMMAND, PATIENCE, PLAIN, environment, get, serve, token

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}


@pytest.fixture(scope="module")
def frozen() -> Iterator[dict[str, Any]]:
    """What a server says that has a seed and whose clock stands."""
    with serve("--now", NOW, "--rate", "0", "--seed", "7") as (_, ready):
        yield ready


@pytest.mark.slow
def test_ready_line_names_url_scenario_and_time(frozen: dict[str, Any]) -> None:
    assert frozen["event"] == "ready"
    assert frozen["scenario"] == "sandbox"
    assert datetime.fromisoformat(frozen["now"]) == datetime.fromisoformat(NOW)
    assert get(f"{frozen['url']}/_mock/health").json() == {"status": "ok", "version": __version__}


def test_rate_0_freezes_the_clock(frozen: dict[str, Any]) -> None:
    dates = set()
    for _ in range(2):
        dates.add(token(frozen["url"]).headers["date"])
        time.sleep(0.01)
    assert dates == {"Sun, 15 Jun 2025 10:00:00 GMT"}


def test_same_seed_and_time_give_the_same_bytes_in_every_process_and_another_seed_others(
    frozen: dict[str, Any],
) -> None:
    httpx.post(f"{frozen['url']}/_mock/reset", trust_env=False, verify=PLAIN, timeout=30).raise_for_status()
    answered = token(frozen["url"]).content
    assert answered == token_of(make(seed=7), **FORM).body
    assert answered != token_of(make(seed=8), **FORM).body


@pytest.mark.slow
def test_environment_says_what_the_options_say_and_what_is_nearly_a_setting_is_told() -> None:
    env = {"MOCK_SMA_SCENARIO": "ennexos", "MOCK_SMA_NOW": NOW, "MOCK_SMA_RATE": "3600"}
    with serve(**env, MOCK_SMA_SCENARO="classic") as (process, ready):
        assert ready["scenario"] == "ennexos"
        since = datetime.fromisoformat(ready["now"]) - datetime.fromisoformat(NOW)
        assert timedelta(0) <= since < timedelta(days=1)
        first = token(ready["url"]).headers["date"]
        time.sleep(0.01)
        assert token(ready["url"]).headers["date"] != first
        process.terminate()
        assert process.stderr is not None
        assert "MOCK_SMA_SCENARO is not a setting; did you mean MOCK_SMA_SCENARIO?" in process.stderr.read()


@pytest.mark.slow
def test_what_is_told_in_json_is_an_object_a_line_too() -> None:
    with serve("--log-format", "json", MOCK_SMA_SCENARO="classic") as (process, _):
        process.terminate()
        assert process.stderr is not None
        (line,) = process.stderr.read().splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"]) == ("warning", "mock_sma.serve")
    assert told["message"] == "MOCK_SMA_SCENARO is not a setting; did you mean MOCK_SMA_SCENARIO?"


@pytest.mark.slow
def test_what_measurements_need_is_loaded_before_anybody_asks_for_one() -> None:
    with serve() as (process, _):
        maps = Path(f"/proc/{process.pid}/maps")
        if not maps.exists():
            pytest.skip("only Linux tells what a process has loaded")
        ends = time.monotonic() + PATIENCE
        while "_multiarray_umath" not in maps.read_text():
            assert time.monotonic() < ends, "NumPy is not loaded"
            time.sleep(0.02)


@pytest.mark.slow
def test_sigterm_ends_the_server_with_exit_0() -> None:
    with serve() as (process, ready):
        assert get(f"{ready['url']}/_mock/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
def test_ready_line_for_people_holds_the_address_and_sigint_ends_the_server_with_exit_0() -> None:
    command = [*COMMAND, "serve", "--port", "0"]
    with Popen(command, stdout=PIPE, stderr=PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == ""
    assert re.fullmatch(r"mock-sma sandbox ready on http://127\.0\.0\.1:\d+\n", line)


@pytest.mark.slow
def test_a_server_that_other_machines_reach_without_a_token_says_so() -> None:
    with serve("--host", "0.0.0.0") as (process, _):
        process.terminate()
        assert process.stderr is not None
        assert "set --control-token" in process.stderr.read()
