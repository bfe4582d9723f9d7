"""The commands that talk to a running server, against a real one."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma import __version__
from mock_sma.cli import main
from mock_sma.cli.doctor import examine
from mock_sma.cli.health import ServerPlace, place_at
from mock_sma.testing.live import LiveServer
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens
from tests.server_process import PLAIN, environment, get, run, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def live() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


@pytest.fixture
def server(live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> LiveServer:
    live.serve(make())
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return live


def ask(server: LiveServer, path: str) -> None:
    get(server.url + path)


class TestLogs:
    """mock-sma logs."""

    @pytest.mark.slow
    def test_newest_exchanges_come_last_with_why(self, server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
        for path in ("/v1/plants", "/v1/nothing?x=1"):
            ask(server, path)
        assert main(["logs", "--url", server.url]) == 0
        first, second = capsys.readouterr().out.splitlines()
        assert "2025-06-15 12:00:00  401  GET /v1/plants  -  " in first
        assert "GET /v1/nothing?x=1" in second
        assert main(["logs", "--url", server.url, "--limit", "1", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["path"] == "/v1/nothing"
        assert main(["logs", "--url", server.url, "--limit", "0"]) == 0
        assert capsys.readouterr().out == ""
        assert main(["logs", "--url", server.url, "--limit", "-1"]) == 2

    @pytest.mark.slow
    def test_icons_and_styles_are_shown_on_request(
        self, server: LiveServer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for path in ("/v1/plants", "/monitoring/favicon-32x32.png"):
            ask(server, path)
        for options, count in (([], 1), (["--assets"], 2)):
            assert main(["logs", "--url", server.url, *options]) == 0
            assert len(capsys.readouterr().out.splitlines()) == count

    def test_what_a_client_sent_does_not_steer_the_terminal(
        self, server: LiveServer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        server.sandbox.consents.request(
            server.sandbox.clients["demo_api"], "\x1b[2J@x.org", frozenset({"monitoringApi:read"}), 0.0
        )
        assert main(["consents", "--url", server.url]) == 0
        assert "\x1b" not in capsys.readouterr().out

    @pytest.mark.slow
    def test_follow_shows_each_exchange_once_and_a_reset(self) -> None:
        with LiveServer(make()) as server:
            ask(server, "/v1/a")
            # The control API is loaded with the first question, which is under way for so long.
            httpx.get(f"{server.url}/_mock/worlds", trust_env=False, verify=PLAIN, timeout=30)
            lines: list[str] = []

            def follow() -> None:
                with suppress(KeyboardInterrupt):
                    lines.extend(run("logs", "--follow", "--url", server.url).stdout.splitlines())

            follower = Thread(target=follow)
            follower.start()
            # The stream is open when the server has begun to answer it: the only request that stays under way.
            tasks = server._background._server.server_state.tasks
            seen = 0
            while seen < 10 and follower.is_alive():
                follower.join(0.05)
                seen = seen + 1 if tasks else 0
            for path in ("/v1/b", "/v1/c"):
                ask(server, path)
            bearer = {"authorization": f"Bearer {tokens(server.sandbox)['access_token']}"}
            httpx.get(f"{server.url}/v1/plants?Sort=d", headers=bearer, trust_env=False, verify=PLAIN, timeout=30)
            follower.join(0.3)
            httpx.post(f"{server.url}/_mock/reset", trust_env=False, verify=PLAIN, timeout=30)
            follower.join(0.3)
            ask(server, "/v1/d")
            follower.join(0.3)
            server.close()
            follower.join(10)
        told = ["".join(re.findall(r"(?:GET|POST) (\S+)|(-- .*)", line)[0]) for line in lines]
        came = ["/v1/a", "/v1/b", "/v1/c", "/oauth2/token", "/v1/plants?Sort=d", "-- the world was reset --", "/v1/d"]
        assert told == came
        assert [line.partition("  [")[2] for line in lines if "  [" in line] == ["warning:unknown-parameter]"]


class TestConsents:
    """mock-sma consents."""

    @pytest.mark.slow
    def test_consent_is_answered_and_listed(self, server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["consents", "--url", server.url]) == 0
        assert "no consent has been requested yet" in capsys.readouterr().out
        assert main(["consents", "accept", OWNER, "--client", "demo_api", "--url", server.url]) == 0
        assert capsys.readouterr().out.startswith(f"Accepted  {OWNER}  demo_api  request 2025-06-15 12:00:00, accept")
        assert main(["consents", "--client", "demo_app", "--url", server.url]) == 0
        assert capsys.readouterr().out == ""
        assert main(["consents", "revoke", OWNER, "--url", server.url]) == 0
        assert main(["consents", "revoke", OWNER, "--url", server.url]) == 1
        assert "nothing to revoke" in capsys.readouterr().err
        assert main(["consents", "accept", "--url", server.url]) == 2


class TestClock:
    """mock-sma clock."""

    @pytest.mark.slow
    def test_clock_is_shown_and_moved(self, server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
        steps = (
            ([], "2025-06-15T12:00:00.000+02:00  frozen"),
            (["advance", "300"], "2025-06-15T12:05:00.000+02:00  frozen"),
            (["advance", "PT1H"], "2025-06-15T13:05:00.000+02:00  frozen"),
            (["set", "2026-01-01T00:00:00+01:00"], "2026-01-01T00:00:00.000+01:00  frozen"),
        )
        for words, wanted in steps:
            assert main(["clock", *words, "--url", server.url]) == 0
            assert capsys.readouterr().out.strip() == wanted
        for words, pace in ((["rate", "60"], "60 s per second"), (["freeze"], "frozen"), (["run"], "60 s per second")):
            assert main(["clock", *words, "--url", server.url]) == 0
            assert capsys.readouterr().out.strip().endswith(pace)

    @pytest.mark.parametrize(
        ("words", "status"),
        [
            (["set"], 2),
            (["freeze", "now"], 2),
            (["rate", "fast"], 2),
            (["advance", "soon"], 1),
            (["advance", "nan"], 1),
            (["set", "noon"], 1),
        ],
    )
    def test_nonsense_is_refused(self, server: LiveServer, words: list[str], status: int) -> None:
        assert main(["clock", *words, "--url", server.url]) == status

    @pytest.mark.slow
    def test_other_worlds_and_missing_servers(self, server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
        httpx.post(
            f"{server.url}/_mock/worlds",
            json={"name": "gw0", "now": "2025-01-01T00:00:00Z"},
            trust_env=False,
            timeout=30,
        )
        assert main(["clock", "--url", server.url, "--world", "gw0"]) == 0
        assert capsys.readouterr().out.startswith("2025-01-01T01:00:00")
        assert main(["clock", "--url", server.url, "--world", "no/such"]) == 1
        assert main(["clock", "--url", "http://127.0.0.1:9"]) == 1
        assert "mock-sma doctor" in capsys.readouterr().err


def findings(place: ServerPlace, hosts: Path | None, **env: str) -> dict[str, tuple[str, str]]:
    from pathlib import Path  # noqa: PLC0415 - a default only

    return {item.about: (item.verdict, item.text) for item in examine(place, env, hosts or Path("/no/such/file"))}


class TestDoctor:
    """mock-sma doctor."""

    def test_all_is_well(self, server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["doctor", server.url]) == 0
        out = capsys.readouterr().out
        assert f"ok    server: mock-sma {__version__}" in out
        assert "FAIL" not in out

    def test_nobody_listens(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["doctor", "http://127.0.0.1:9"]) == 1
        assert "mock-sma serve --port 9" in capsys.readouterr().out

    def test_another_program_listens(self) -> None:
        import threading  # noqa: PLC0415 - this test only
        from http.server import BaseHTTPRequestHandler, HTTPServer  # noqa: PLC0415

        class Other(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"hello")

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        with HTTPServer(("127.0.0.1", 0), Other) as other:
            threading.Thread(target=other.serve_forever, args=(0.01,), daemon=True).start()
            found = findings(place_at(f"http://127.0.0.1:{other.server_port}"), None)
            other.shutdown()
        assert found["server"][0] == "FAIL"

    @pytest.mark.slow
    def test_proxy_variables_that_catch_the_server(self, server: LiveServer) -> None:
        place = place_at(server.url)
        assert findings(place, None, HTTP_PROXY="http://proxy:3128")["proxy"][0] == "FAIL"
        for spared in ("127.0.0.1", "*", "localhost, 127.0.0.1"):
            assert findings(place, None, http_proxy="http://proxy:3128", NO_PROXY=spared)["proxy"][0] == "ok"

    def test_misspelt_settings_are_named(self, server: LiveServer) -> None:
        found = findings(place_at(server.url), None, MOCK_SMA_PROT="1")
        assert "MOCK_SMA_PORT" in found["settings"][1]
        found = findings(place_at(server.url), None, mock_sma_prot="1")
        assert "mock_sma_prot is not a setting; did you mean 'MOCK_SMA_PORT'?" in found["settings"][1]
        assert "settings" not in findings(place_at(server.url), None, mock_sma_port="1")

    def test_names_of_the_hosts_file_are_told(self, server: LiveServer, tmp_path: Path) -> None:
        hosts = tmp_path / "hosts"
        hosts.write_text("127.0.0.1 localhost sandbox.smaapis.de # ours\n", encoding="utf-8")
        found = findings(place_at(server.url), hosts)
        assert "sandbox.smaapis.de to 127.0.0.1" in found["names"][1]

    def test_host_without_an_address(self) -> None:
        assert findings(ServerPlace("http", "no-such-host.invalid", 80), None)["host"][0] == "FAIL"

    @pytest.mark.slow
    def test_scheme_and_server_have_to_agree(self, server: LiveServer) -> None:
        found = findings(ServerPlace("https", "127.0.0.1", server.port), None)
        assert found["TLS"][0] == "FAIL"
        assert "does the server use http" in found["server"][1]

    @pytest.mark.slow
    def test_clock_that_is_far_away_is_told(self, server: LiveServer) -> None:
        assert findings(place_at(server.url), None)["clock"][0] == "note"
        server.sandbox.clock.start(None, 1.0)
        assert findings(place_at(server.url), None)["clock"][0] == "ok"

    @pytest.mark.slow
    def test_token_and_tls_are_told(self, tmp_path: Path) -> None:
        options = ("--control-token", "s3cret", "--tls", "auto", "--tls-dir", str(tmp_path))
        with serve(*options) as (_, ready):
            place = place_at(ready["url"])
            found = findings(place._replace(token=None), None)
            assert found["token"][0] == "FAIL"
            assert found["TLS"][0] == "note"
            found = findings(place._replace(token="s3cret"), None)
            assert found["vendor API"][0] == "ok"
            result = run("doctor", ready["url"], **environment(MOCK_SMA_CONTROL_TOKEN="s3cret", no_proxy="*"))
            assert result.returncode == 0, result.stdout
