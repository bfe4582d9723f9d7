"""The commands: what they print, and their exit status."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest

from mock_sma import __version__, cli
from mock_sma.cli.command import COMMANDS
from mock_sma.cli.parts import is_open_to_others, url_host
from mock_sma.cli.serve_options import settings_from
from mock_sma.errors import UsageError
from mock_sma.scenarios import shipped, shipped_directory
from mock_sma.settings import SETTINGS, Settings, misspelt, option, read_settings, variable
from tests.server_process import run

MISTAKEN = """\
version: 1
name: mistaken
plnats: []
users:
  - {email: owner@example.com, pasword: x}
"""


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


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_of_commands_names_every_option(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `mock-sma {name}\b.*", page, re.MULTILINE)
    assert row is not None
    told = set(re.findall(r"--[a-z-]+", row.group())) | {option(name) for name in SETTINGS} | {"--help"}
    (commands,) = (action.choices for action in cli.parser({name})._actions if isinstance(action.choices, dict))
    assert [each for each in commands[name]._option_string_actions if each.startswith("--") and each not in told] == []


def test_every_setting_has_a_row() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(MOCK_SMA_\w+)` \| `(--[a-z-]+)` ", page, re.MULTILINE)
    assert sorted(rows) == sorted((variable(name), option(name)) for name in SETTINGS)


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("serve --prot 80", "mock-sma serve: there is no option --prot; did you mean --port?"),
        ("serve --scenari0=x", "mock-sma serve: there is no option --scenari0; did you mean --scenario?"),
        ("serve --port abc", "mock-sma serve: --port: must be a whole number, not 'abc'"),
        ("serve --rate fast", "mock-sma serve: --rate: must be a number, not 'fast'"),
        ("serve --port", "mock-sma serve: --port: expected one argument"),
        ("serve now", "mock-sma serve: unexpected argument 'now'"),
        ("clock --wrld x", "mock-sma clock: there is no option --wrld; did you mean --world?"),
        ("sample 13 --zzzzzz", "mock-sma sample: there is no option --zzzzzz"),
        ("run --vai proxy -- true", "mock-sma run: there is no option --vai; did you mean --via?"),
        ("srve", "mock-sma: there is no command 'srve'; did you mean serve?"),
    ],
)
def test_a_slip_is_one_line_that_says_what_may_have_been_meant(
    words: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(words.split()) == 2
    told = text.partition(":")[0] if "no command" not in text else "mock-sma"
    assert capsys.readouterr().err == f"{text} (see {told} --help)\n"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_of_its_own(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: mock-sma {name} ")
    about = cli.COMMANDS[name].about
    assert f"{about[0].upper()}{about[1:]}." in " ".join(shown.split())


@pytest.mark.slow
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


def test_check_of_a_sound_file_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["check", str(shipped_directory() / "sandbox.yaml")]) == 0
    assert "OK" in capsys.readouterr().out


def test_check_prints_one_line_per_problem_with_place_and_nearest_word(
    mistaken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["check", str(mistaken)]) == 1
    first, second = capsys.readouterr().out.splitlines()
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


def test_serve_of_a_mistaken_file_prints_its_problems_and_exits_1(
    mistaken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["serve", "--port", "0", "--scenario", str(mistaken)]) == 1
    assert capsys.readouterr().err.startswith(f"{mistaken}:3: ")


def test_scenarios_lists_every_name_with_its_first_comment_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["scenarios"]) == 0
    rows = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert [tuple(row) for row in rows] == shipped()
    assert all(text for _, text in shipped())


def test_a_port_in_use_takes_one_clear_line_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert status(["serve", "--port", str(port)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert str(port) in line
    assert "--port" in line


def test_a_host_that_listens_everywhere_is_shown_as_loopback() -> None:
    assert url_host("0.0.0.0") == "127.0.0.1"
    assert url_host("::1") == "[::1]"


def test_settings_name_every_value_that_cannot_be_used() -> None:
    with pytest.raises(UsageError, match=r"--port: .*; --rate: "):
        settings_from({"port": -1, "rate": -1.0})


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_SMA_PORT", "many")
    monkeypatch.setenv("MOCK_SMA_JSON", "maybe")
    with pytest.raises(UsageError, match=r"^MOCK_SMA_PORT: .*; --rate: .*; MOCK_SMA_JSON: "):
        settings_from({"rate": -1.0})


def test_an_address_of_another_machine_is_no_matter_of_the_port(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["serve", "--host", "192.0.2.1", "--port", "0"]) == 1
    assert "--host must be an address of this machine" in capsys.readouterr().err


def test_an_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_SMA_SCENARIO", "ennexos")
    monkeypatch.setenv("MOCK_SMA_RATE", "60")
    settings = settings_from({"scenario": "classic", "rate": None})
    assert (settings.scenario, settings.rate) == ("classic", 60.0)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("MOCK_SMA_WATCH", "Yes", True),
        ("MOCK_SMA_PROXY", "0", False),
        ("mock_sma_port", " 9000", 9000),
        ("MOCK_SMA_RATE", "1e3", 1000.0),
        ("MOCK_SMA_ALLOWED_HOST", "a.test, b.test,", ("a.test", "b.test")),
        ("MOCK_SMA_SCENARIO_DIR", os.pathsep.join(("one", "two, three")), ("one", "two, three")),
        ("MOCK_SMA_LOG_LEVEL", "debug", "debug"),
        ("MOCK_SMA_SEED", "", None),
        ("MOCK_SMA_JSON", "on", True),
    ],
)
def test_a_variable_is_read_as_its_option_is(name: str, text: str, value: object) -> None:
    settings = read_settings({}, {name: text})
    setting = name.upper().removeprefix("MOCK_SMA_").lower()
    assert getattr(settings, "json_" if setting == "json" else setting) == value
    assert len(settings.given) == bool(text)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"port": 65_536}, "--port: must be between 0 and 65535, not 65536"),
        ({"rate": "nan"}, "--rate: must be between 0.0 and "),
        ({"workers": "1.5"}, "--workers: must be a whole number, not '1.5'"),
        ({"watch": "maybe"}, "--watch: must be true or false, not 'maybe'"),
        ({"tls": "off"}, "--tls: must be auto, not 'off'"),
        ({"log_format": "xml"}, "--log-format: must be plain or json, not 'xml'"),
        ({"log_format": "jsn"}, "--log-format: must be plain or json, not 'jsn'; did you mean json?"),
        ({"host": " "}, "--host: must not be empty"),
        ({"control_token": ""}, "--control-token: must be one or more visible"),
        ({"otlp": "collector:4318"}, "--otlp: must be an address such as"),
        ({"allowed_host": ["a.test", "http://b.test"]}, "--allowed-host: must be a host name such as"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_option(options: dict[str, object], complaint: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(complaint)}"):
        read_settings(options, {})


def test_variables_that_are_nearly_a_setting_are_found() -> None:
    environment = {
        "MOCK_SMA_SCENARO": "ennexos",
        "MOCK_SMA_PORT": "1",
        "MOCK_SMA_SERVICE_HOST": "10.0.0.1",
        "HOST": "x",
    }
    assert list(misspelt(environment)) == [("MOCK_SMA_SCENARO", "MOCK_SMA_SCENARIO")]


def test_the_case_of_a_variable_does_not_count() -> None:
    environment = {"MOCK_SMA_SCENARIo": "ennexos", "mock_sma_prot": "1"}
    assert read_settings({}, environment).scenario == "ennexos"
    assert list(misspelt(environment)) == [("mock_sma_prot", "MOCK_SMA_PORT")]


@pytest.mark.parametrize(
    ("host", "token", "is_open"),
    [("127.0.0.1", None, False), ("::1", None, False), ("0.0.0.0", None, True), ("0.0.0.0", "t", False)],
)
def test_a_server_that_other_machines_reach_without_a_token_is_open(
    host: str, token: str | None, *, is_open: bool
) -> None:
    assert is_open_to_others(Settings(host=host, control_token=token)) is is_open
