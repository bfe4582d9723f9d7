"""Mistakes that people make with options, files and addresses: one line that says what to do, never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_sma import cli
from mock_sma.capsule import capsule_of
from mock_sma.errors import UsageError
from mock_sma.testing.remote.line import Line
from tests.sandbox_helpers import make
from tests.server_process import serve

if TYPE_CHECKING:
    from pathlib import Path


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run a command in this process; return its status and what it says to stderr."""
    try:
        code = cli.main(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--now", "9999-12-31T23:59:59Z"], "the clock covers the years 1990 to 2199"),
        (["--now", "0001-01-01T00:00:00+14:00"], "the clock covers the years 1990 to 2199"),
        (["--host", ""], "--host: must not be empty; use 127.0.0.1 for this machine only"),
        (["--host", " "], "--host: must not be empty"),
        (["--control-token", ""], "--control-token: must be one or more visible ASCII characters"),
        (["--control-token", "two words"], "--control-token: must be"),
        (["--control-token", "Schlüssel"], "--control-token: must be"),
        (["--allowed-host", "http://sma.test/"], "--allowed-host: must be a host name such as sma.example.test, not"),
        (["--tls-cert", "no.pem", "--tls-key", "no.key"], "--tls-cert no.pem: No such file or directory"),
        (["--capsule", "any", "--watch"], "leave out --watch"),
        (["--seed", "-1"], "--seed: "),
        (["--seed", "9" * 30], "--seed: "),
        (["--scenario", "a" * 5_000], "no scenario 'aaa"),
        (["--scenario", "a\0b"], "no scenario 'a"),
    ],
)
def test_wrong_options_of_serve_exit_2_with_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(["serve", "--port", "0", *arguments], capsys)
    assert (code, text.count("\n")) == (2, 1)
    assert words in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--prot 8080", "no option --prot before a command; did you mean --port? Options follow it"),
        ("--port=8080", "no option --port before a command. Options follow it"),
        ("--scenario-dir x", "no option --scenario-dir before a command. Options follow it"),
        ("--controltoken x", "did you mean --control-token? Options follow it"),
        ("--jsn", "did you mean --json? Options follow it"),
        ("--versoin", "no option --versoin before a command; did you mean --version?"),
        ("-p 8080", "no option -p before a command"),
        ("help", "did you mean --help?"),
        ("version", "did you mean --version?"),
        ("serve -p 80", "no option -p; did you mean --port?"),
        ("serve -x", "no option -x (see"),
        ("clock --advance 1h", "no option --advance; did you mean advance?"),
        ("health --url x", "no option --url; did you mean URL?"),
        ("sample --plant 13", "no option --plant (see"),
        (
            "consents acept a@b",
            "mock-sma consents: must be accept or reject or revoke or expire, not 'acept'; did you mean",
        ),
        ("run --via vpn -- true", "mock-sma run: --via: must be auto or namespace or proxy, not 'vpn' (see"),
        ("run --report /no/x -- true", "--report: there is no directory /no; make it first"),
    ],
)
def test_a_wrong_word_is_one_line_with_the_nearest_one(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(words.split(), capsys)
    assert (code, text.count("\n")) == (2, 1)
    assert told in text


@pytest.mark.slow
def test_files_that_are_no_certificate_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "some.pem"
    for content in (b"", b"\x00\xff\xfe", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        file.write_bytes(content)
        code, text = said(["serve", "--port", "0", "--tls-cert", str(file), "--tls-key", str(file)], capsys)
        assert (code, text.count("\n")) == (2, 1)
        assert f"--tls-cert {file} and --tls-key {file} are not a certificate and its key" in text
    code, text = said(["serve", "--port", "0", "--tls-cert", str(file), "--tls-key", str(tmp_path)], capsys)
    assert (code, f"--tls-key {tmp_path}: Is a directory" in text) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--port", "0", "--capsule", "{tmp}"],
        ["replay", "{tmp}"],
        ["schema", "--out", "{tmp}"],
        ["openapi", "--out", "{tmp}"],
    ],
)
def test_a_directory_in_place_of_a_file_is_named(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [item.format(tmp=tmp_path) for item in arguments]
    assert said(filled, capsys) == (1, f"mock-sma: {tmp_path}: Is a directory\n")


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://127.0.0.1:99999", "http://127.0.0.1:port", "ftp://x", "http://"]
)
@pytest.mark.parametrize("command", [["logs", "--url"], ["clock", "--url"], ["health"], ["doctor"]])
def test_an_address_that_is_none_is_a_usage_error(
    command: list[str], url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said([*command, url], capsys)
    assert (code, text.count("\n")) == (2, 1)
    assert f"{url!r} is not a server address such as http://127.0.0.1:8080" in text
    with pytest.raises(UsageError, match="not the address of a server"):
        Line(url)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("deep.json", b"[" * 100_000, "the document is nested deeper than"),
        ("digits.json", b'{"seed": ' + b"9" * 5_000 + b"}", "Exceeds the limit (4300 digits)"),
        ("nan.json", b'{"seed": NaN}', "NaN is not JSON"),
        ("binary.yaml", b"\xff\xfe\x00\x01", "the document is not UTF-8"),
        ("empty.yaml", b"", "the document is empty"),
        ("base.yaml", b"extends: " + b"a" * 5_000, "no scenario 'aaa"),
        ("edge.yaml", b"plants: [{id: 1, name: x, migrated_at: 0001-01-01T00:00:00+14:00}]", "1900-01-01"),
        ("cycle.yaml", b"a: &a [*a]\n", "an alias contains itself"),
    ],
)
def test_files_that_are_no_scenario_are_refused_in_words(
    name: str, content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert cli.main(["check", str(file)]) == 1
    text = capsys.readouterr().out
    assert words in text
    assert "sys." not in text


@pytest.mark.slow
def test_options_that_a_capsule_overrides_are_said(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    file.write_bytes(capsule_of(make()).model_dump_json().encode())
    with serve("--capsule", str(file), "--seed", "5") as (process, ready):
        assert ready["scenario"] == "sandbox"
        assert process.stderr is not None
        assert "--seed is ignored; the capsule has its own seed" in process.stderr.readline()
