"""The commands, run as a user runs them."""

from __future__ import annotations

import re
import signal
import socket
import time
from datetime import datetime
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma import __version__, cli
from mock_sma.cli.serve import url_host
from mock_sma.errors import UsageError
from mock_sma.scenario_file import shipped, shipped_directory
from mock_sma.settings import misspelt
from tests.server_process import COMMAND, NOON, environment, run, serve, token

if TYPE_CHECKING:
    from pathlib import Path

MISTAKEN = """\
version: 1
name: mistaken
plnats: []
users:
  - {email: owner@example.com, pasword: x}
"""


def health(url: str) -> httpx.Response:
    return httpx.get(f"{url}/_mock/health", trust_env=False, timeout=30)


def status(arguments: list[str]) -> int:
    """Run a command in this process; argparse leaves by SystemExit."""
    try:
        return cli.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.fixture
def mistaken(tmp_path: Path) -> Path:
    file = tmp_path / "mistaken.yaml"
    file.write_text(MISTAKEN)
    return file


def test_version_is_the_packages() -> None:
    result = run("--version")
    assert (result.returncode, result.stdout) == (0, f"mock-sma {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["juggle"],
        ["serve", "--port", "many"],
        ["serve", "--port", "70000"],
        ["serve", "--rate", "-1"],
        ["serve", "--now", "yesterday"],
        ["serve", "--port", "0", "--tls-cert", "only.pem"],
        ["serve", "--port", "0", "--scenario", "no-such-world"],
        ["check"],
    ],
)
def test_usage_errors_exit_2_and_say_what_is_wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status(arguments) == 2
    assert capsys.readouterr().err.strip()


def test_usage_errors_of_the_process_exit_2() -> None:
    assert run("serve", "--port", "many").returncode == 2


def test_a_wrong_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["serve", "--port", "70000"]) == 2
    assert "--port: " in capsys.readouterr().err


def test_a_scenario_that_does_not_exist_takes_one_line_that_lists_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert status(["serve", "--scenario", "no-such-world"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "'no-such-world'" in lines[0]
    assert "sandbox" in lines[0]


def test_check_of_a_sound_file_exits_0() -> None:
    result = run("check", str(shipped_directory() / "sandbox.yaml"))
    assert result.returncode == 0
    assert "fine" in result.stdout


def test_check_prints_one_line_per_problem_with_place_and_nearest_word(mistaken: Path) -> None:
    result = run("check", str(mistaken))
    assert result.returncode == 1
    first, second = result.stdout.splitlines()
    assert first.startswith(f"{mistaken}:3: plnats: ")
    assert "plants" in first
    assert second.startswith(f"{mistaken}:5: users[0].pasword: ")
    assert "password" in second


def test_check_goes_on_after_a_mistaken_file(
    mistaken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = tmp_path / "absent.yaml"
    sound = shipped_directory() / "sandbox.yaml"
    assert cli.main(["check", str(absent), str(sound), str(mistaken)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{absent}: cannot be read: No such file or directory"
    assert [line for line in lines if line.startswith(f"{mistaken}:")] == lines[-2:]


def test_serve_of_a_mistaken_file_prints_its_problems_and_exits_1(mistaken: Path) -> None:
    result = run("serve", "--port", "0", "--scenario", str(mistaken))
    assert result.returncode == 1
    assert result.stderr.startswith(f"{mistaken}:3: ")


def test_scenarios_lists_every_name_with_its_first_comment_line() -> None:
    result = run("scenarios")
    assert result.returncode == 0
    rows = [line.split(maxsplit=1) for line in result.stdout.splitlines()]
    assert [tuple(row) for row in rows] == shipped()
    assert all(text for _, text in shipped())


def test_ready_line_names_url_scenario_and_time() -> None:
    with serve("--now", NOON, "--rate", "0") as (_, ready):
        assert ready["event"] == "ready"
        assert ready["scenario"] == "sandbox"
        assert datetime.fromisoformat(ready["now"]) == datetime.fromisoformat(NOON)
        assert health(ready["url"]).json() == {"status": "ok", "version": __version__}


def test_ready_line_for_people_holds_the_address() -> None:
    with Popen([*COMMAND, "serve", "--port", "0"], stdout=PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
    assert re.fullmatch(r"mock-sma sandbox ready on http://127\.0\.0\.1:\d+\n", line)


def test_environment_says_what_the_options_say() -> None:
    env = {"MOCK_SMA_SCENARIO": "ennexos", "MOCK_SMA_NOW": NOON, "MOCK_SMA_RATE": "0"}
    with serve(**env) as (_, ready):
        assert ready["scenario"] == "ennexos"
        assert datetime.fromisoformat(ready["now"]) == datetime.fromisoformat(NOON)


def test_an_option_wins_over_the_environment() -> None:
    with serve("--scenario", "classic", MOCK_SMA_SCENARIO="ennexos") as (_, ready):
        assert ready["scenario"] == "classic"


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_with_exit_0(signum: signal.Signals) -> None:
    with serve() as (process, ready):
        assert health(ready["url"]).status_code == 200
        process.send_signal(signum)
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_port_in_use_takes_one_clear_line_and_exit_1() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.returncode == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert str(port) in line
    assert "--port" in line


def test_same_seed_and_time_give_the_same_bytes_and_another_seed_others() -> None:
    frozen = ("--now", NOON, "--rate", "0")
    answers = []
    for seed in ("7", "7", "8"):
        with serve("--seed", seed, *frozen) as (_, ready):
            answers.append(token(ready["url"]).content)
    assert answers[0] == answers[1]
    assert answers[0] != answers[2]


def test_rate_0_freezes_the_clock_and_a_high_rate_runs_it() -> None:
    def dates(rate: str) -> tuple[str, str]:
        with serve("--now", NOON, "--rate", rate) as (_, ready):
            first = token(ready["url"]).headers["date"]
            time.sleep(0.01)
            return first, token(ready["url"]).headers["date"]

    frozen = dates("0")
    assert frozen[0] == frozen[1] == "Sun, 15 Jun 2025 10:00:00 GMT"
    running = dates("3600")
    assert running[0] != running[1]


def test_a_host_that_listens_everywhere_is_shown_as_loopback() -> None:
    assert url_host("0.0.0.0") == "127.0.0.1"
    assert url_host("::1") == "[::1]"


def test_settings_name_every_value_that_cannot_be_used() -> None:
    with pytest.raises(UsageError, match=r"--port: .*; --rate: "):
        cli.settings_from({"port": -1, "rate": -1.0})


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_SMA_PORT", "many")
    monkeypatch.setenv("MOCK_SMA_JSON", "maybe")
    with pytest.raises(UsageError, match=r"^MOCK_SMA_PORT: .*; --rate: .*; MOCK_SMA_JSON: "):
        cli.settings_from({"rate": -1.0})


def test_variables_that_are_nearly_a_setting_are_told() -> None:
    environment = {
        "MOCK_SMA_SCENARO": "ennexos",
        "MOCK_SMA_PORT": "1",
        "MOCK_SMA_SERVICE_HOST": "10.0.0.1",
        "HOST": "x",
    }
    assert list(misspelt(environment)) == [("MOCK_SMA_SCENARO", "MOCK_SMA_SCENARIO")]
    with serve(MOCK_SMA_SCENARO="ennexos") as (process, _):
        process.terminate()
        assert process.stderr is not None
        assert "MOCK_SMA_SCENARO is no setting; did you mean MOCK_SMA_SCENARIO?" in process.stderr.read()


def test_an_address_of_another_machine_is_no_matter_of_the_port(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["serve", "--host", "192.0.2.1", "--port", "0"]) == 1
    assert "--host has to be this machine's own" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "is_warned"),
    [((), False), (("--host", "0.0.0.0"), True), (("--host", "0.0.0.0", "--control-token", "t"), False)],
)
def test_a_server_that_other_machines_reach_without_a_token_says_so(
    arguments: tuple[str, ...], *, is_warned: bool
) -> None:
    with serve(*arguments) as (process, _):
        process.terminate()
        assert process.stderr is not None
        assert ("set --control-token" in process.stderr.read()) is is_warned
