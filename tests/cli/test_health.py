"""The command health, and where it looks for the server."""

from __future__ import annotations

import http.server
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from mock_sma import cli
from mock_sma.cli import health as cli_health
from mock_sma.cli.health import ask, place_at, place_configured, serve_options
from mock_sma.errors import UsageError
from tests.server_process import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Ill(http.server.BaseHTTPRequestHandler):
    """A server that is not well."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def ill() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Ill) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def process(tmp_path: Path, *words: str) -> Path:
    file = tmp_path / "cmdline"
    file.write_bytes("".join(f"{word}\0" for word in words).encode())
    return file


@pytest.mark.slow
def test_a_server_that_answers_is_healthy(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_health, "TIMEOUT", 30.0)  # a busy machine is not what is tested
    with serve("--control-token", "t0") as (_, ready):
        monkeypatch.setenv("MOCK_SMA_CONTROL_TOKEN", "t0")
        assert cli.main(["health", ready["url"]]) == 0
        assert cli.main(["health", ready["url"].removeprefix("http://")]) == 0
        monkeypatch.setenv("MOCK_SMA_PORT", ready["url"].rpartition(":")[2])
        assert cli.main(["health"]) == 0
    assert capsys.readouterr().out == f"{ready['url']} ok\n" * 3


def test_another_status_is_a_failure(ill: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["health", ill]) == 1
    assert capsys.readouterr().err == f"mock-sma: {ill} answers 503: \n"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            401,
            '{"title": "Unauthorized", "detail": "this server wants its control token"}',
            "answers 401: this server wants",
        ),
        (404, "<html>", "answers 404: <html>"),
        (200, "<html>", "is not mock-sma: '<html>'"),
        (200, "[]", "is not mock-sma: '[]'"),
    ],
)
def test_what_is_said_in_place_of_health_is_told(
    status: int, body: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_health, "ask", lambda *_: (status, body))
    assert cli.main(["health", "http://127.0.0.1:1"]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_silence_is_a_failure(ill: str, capsys: pytest.CaptureFixture[str]) -> None:
    secure = ill.replace("http", "https")
    assert cli.main(["health", secure]) == 1
    assert capsys.readouterr().err.startswith(f"mock-sma: no answer from {secure}: ")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://"])
def test_what_is_no_address_is_a_usage_error(url: str) -> None:
    assert cli.main(["health", url]) == 2


def test_a_url_without_port_means_the_standard_one() -> None:
    assert place_at("https://127.0.0.1").origin == "https://127.0.0.1:443"
    assert place_at("[::1]").origin == "http://[::1]:80"


@pytest.mark.parametrize(
    ("environment", "options", "origin"),
    [
        ({}, [], "http://127.0.0.1:8080"),
        ({"MOCK_SMA_PORT": "9000", "MOCK_SMA_HOST": "0.0.0.0"}, [], "http://127.0.0.1:9000"),
        ({"mock_sma_port": "9000"}, [], "http://127.0.0.1:9000"),
        ({"MOCK_SMA_PORT": "9000"}, ["--port", "9001"], "http://127.0.0.1:9001"),
        ({"MOCK_SMA_HOST": "::"}, ["--seed=3", "--json"], "http://[::1]:8080"),
        ({"MOCK_SMA_HOST": "10.1.2.3"}, [], "http://10.1.2.3:8080"),
        ({"MOCK_SMA_TLS": "auto"}, ["--port=443"], "https://127.0.0.1:443"),
        ({"MOCK_SMA_TLS_CERT": "a.pem", "MOCK_SMA_TLS_KEY": "b.pem"}, [], "https://127.0.0.1:8080"),
    ],
)
def test_options_win_over_the_environment(environment: dict[str, str], options: list[str], origin: str) -> None:
    assert place_configured(environment, options).origin == origin


@pytest.mark.parametrize("port", ["0", "many"])
def test_a_port_that_only_the_server_knows_is_a_usage_error(port: str) -> None:
    with pytest.raises(UsageError, match=r"port|PORT"):
        place_configured({"MOCK_SMA_PORT": port}, [])


def test_a_port_that_is_none_is_named_as_it_was_given() -> None:
    with pytest.raises(UsageError, match=r"^--port is not a number: 'many'"):
        place_configured({"MOCK_SMA_PORT": "9000"}, ["--port", "many"])
    with pytest.raises(UsageError, match=r"^MOCK_SMA_PORT is not a number: 'few'"):
        place_configured({"MOCK_SMA_PORT": "few"}, ["--seed", "3"])


def test_the_first_process_is_looked_at_where_it_is_ours(tmp_path: Path) -> None:
    ours = process(tmp_path, "/opt/bin/python", "/opt/bin/mock-sma", "serve", "--port", "9000")
    assert serve_options(ours) == ["--port", "9000"]
    assert serve_options(process(tmp_path, "python", "-m", "mock_sma", "serve")) == []
    assert serve_options(process(tmp_path, "httpd", "serve", "--port", "9000")) == []
    assert serve_options(process(tmp_path, "mock-sma", "check", "x.yaml")) == []
    assert serve_options(tmp_path / "nothing") == []


def test_nobody_there_is_an_os_error() -> None:
    with pytest.raises(OSError, match="refused"):
        ask(place_configured({"MOCK_SMA_PORT": "1"}, []))


def test_what_is_not_http_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(b"hello\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert cli.main(["health", f"127.0.0.1:{listening.getsockname()[1]}"]) == 1
        thread.join()
    assert "BadStatusLine" in capsys.readouterr().err
