"""The command mcp as agents start it: over standard input and output, and over HTTP."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.cli import main
from tests.server_process import COMMAND, PLAIN, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSIONS = ("2025-03-26", "2025-06-18", "2025-11-25")
"""Versions of the protocol of last year, which begin with a handshake."""

ACCEPT = {"accept": "application/json, text/event-stream"}
NOW = ("--now", "2025-06-15T12:00:00+02:00", "--rate", "0")


def hello(version: str) -> dict[str, Any]:
    about = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": about}


def lines(*messages: dict[str, Any]) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


def started(arguments: Sequence[str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*COMMAND, "mcp", *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment()
    )


@pytest.mark.slow
def test_it_speaks_over_standard_input_and_output_with_a_world_of_its_own() -> None:
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "scenario", "arguments": {}}}
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    with started([*NOW, "--scenario", "gap-week"]) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(lines(hello("2025-06-18"), ready, call))
        process.stdin.flush()
        first, second = (json.loads(process.stdout.readline()) for _ in range(2))
        process.stdin.close()  # which is how an agent ends it
        assert process.wait(timeout=20) == 0
    assert first["result"]["protocolVersion"] == "2025-06-18"
    told = second["result"]["structuredContent"]
    assert told["running"]["name"] == "gap-week"
    assert told["url"] in first["result"]["instructions"]


@pytest.mark.slow
def test_it_serves_http_to_this_machine_in_each_version() -> None:
    with started([*NOW, "--http", "0"]) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().rpartition(" ")[2].strip()
            with httpx.Client(
                verify=PLAIN, trust_env=False, headers={"accept": "application/json, text/event-stream"}
            ) as http:
                for version in VERSIONS:
                    answer = http.post(url, json=hello(version))
                    assert f'"protocolVersion":"{version}"' in answer.text
                names = http.post(url, json=listing(), headers=modern("tools/list")).text
                assert '"explain"' in names
                assert '"exam"' not in names, "it runs programs, so HTTP has it on demand only"
                foreign = http.post(url, json=hello(VERSIONS[0]), headers={"host": "evil.example"})
                assert foreign.status_code in (403, 421)
        finally:
            process.terminate()
        assert process.wait(timeout=20) in (0, -15)


def listing() -> dict[str, Any]:
    """Ask for the tools without a handshake, as the protocol of 2026 does."""
    prefix = "io.modelcontextprotocol/"
    meta = {
        f"{prefix}protocolVersion": "2026-07-28",
        f"{prefix}clientInfo": {"name": "test", "version": "1"},
        f"{prefix}clientCapabilities": {},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}


def modern(method: str) -> dict[str, str]:
    return {"mcp-protocol-version": "2026-07-28", "mcp-method": method}


def test_without_the_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("mock_sma.cli.mcp.find_spec", lambda _: None)
    assert main(["mcp"]) == 1
    assert "pip install 'mock-sma[mcp]'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--world", "gw0"], "give its --url too"),
        (["--url", "http://127.0.0.1:8080", "--seed", "3"], "--seed is for a world of its own"),
        (["--run-programs"], "--run-programs belongs to --http"),
        (["--url", "ftp://x"], "is not a server address"),
    ],
)
def test_options_that_exclude_one_another_are_told_of(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mcp", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_a_port_that_is_taken_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--url", "http://127.0.0.1:8080", "--http", "70000"]) == 1
    assert "--http 0 picks a free port" in capsys.readouterr().err
