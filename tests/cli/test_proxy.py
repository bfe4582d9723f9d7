"""``serve --proxy``, run as a user runs it, and asked by programs that know a proxy and an authority."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.cli import main
from tests.server_process import COMMAND, environment, serve

if TYPE_CHECKING:
    from pathlib import Path

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"


def curl(proxy: str, authority: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = ["curl", "-sS", "-w", " %{http_code} %{http_connect}", "--cacert", authority, *more]
    env = {"PATH": os.environ["PATH"], "HTTPS_PROXY": proxy}
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=env)


@pytest.mark.slow
def test_a_proxy_variable_and_the_authority_are_all_that_a_program_needs(tmp_path: Path) -> None:
    with serve("--proxy", "--tls-dir", str(tmp_path)) as (_, ready):
        assert ready["url"].startswith("http://")
        assert ready["proxy"] == ready["url"]
        assert ready["ca"] == str(tmp_path / "ca.pem")
        assert curl(ready["proxy"], ready["ca"], PLANTS).stdout.endswith(" 401 200")
        refused = curl(ready["proxy"], ready["ca"], "https://example.org/")
        assert refused.stdout.endswith(" 000 403")
        # The same port answers as ever.
        assert httpx.get(f"{ready['url']}/_mock/health", trust_env=False, timeout=60).json()["status"] == "ok"
        journal = httpx.get(f"{ready['url']}/_mock/requests", trust_env=False, timeout=60).json()
    assert [entry["host"] for entry in journal] == ["sandbox.smaapis.de"]


@pytest.mark.slow
def test_without_the_option_connect_is_refused() -> None:
    with serve() as (_, ready):
        assert "proxy" not in ready
        assert "CONNECT tunnel failed" in curl(ready["url"], os.devnull, "-k", PLANTS).stderr


@pytest.mark.slow
def test_a_host_that_is_named_is_let_through(tmp_path: Path) -> None:
    with serve("--tls", "auto", "--tls-dir", str(tmp_path)) as (_, other):
        port = other["url"].rpartition(":")[2]
        env = {"MOCK_SMA_PROXY": "true", "MOCK_SMA_TLS_DIR": str(tmp_path)}
        with serve(**env, MOCK_SMA_PASS_THROUGH=f"localhost:{port},example.invalid") as (_, ready):
            seen = curl(ready["proxy"], ready["ca"], f"https://localhost:{port}/_mock/health")
            assert json.loads(seen.stdout.rpartition("}")[0] + "}")["status"] == "ok"
            assert curl(ready["proxy"], ready["ca"], "https://localhost:1/").stdout.endswith(" 000 403")
            assert curl(ready["proxy"], ready["ca"], "https://example.invalid/").stdout.endswith(" 000 502")


@pytest.mark.slow
def test_a_control_token_is_asked_for_inside_the_tunnel_and_to_be_let_through(tmp_path: Path) -> None:
    more = ("--control-token", "s3cret", "--pass-through", "localhost:9")
    with serve("--proxy", "--tls-dir", str(tmp_path), *more) as (_, ready):
        assert curl(ready["proxy"], ready["ca"], PLANTS).stdout.endswith(" 401 200")
        portal = "https://sandbox.smaapis.de/portal/mailbox"
        assert "control token" in curl(ready["proxy"], ready["ca"], portal).stdout
        assert curl(ready["proxy"], ready["ca"], "https://localhost:9/").stdout.endswith(" 000 407")
        named = ready["proxy"].replace("//", "//any:s3cret@")
        assert curl(named, ready["ca"], "https://localhost:9/").stdout.endswith(" 000 502")


@pytest.mark.slow
def test_a_proxy_may_be_under_tls_itself(tmp_path: Path) -> None:
    with serve("--proxy", "--tls", "auto", "--tls-dir", str(tmp_path)) as (_, ready):
        assert ready["proxy"].startswith("https://")
        trusting = ssl.create_default_context(cafile=ready["ca"])
        with httpx.Client(
            proxy=httpx.Proxy(ready["proxy"], ssl_context=trusting), verify=trusting, trust_env=False
        ) as http:
            assert http.get(PLANTS).status_code == 401
            assert http.get(PLANTS).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ("*", "takes HOST or HOST:PORT"),
        ("https://example.org", "takes HOST or HOST:PORT"),
        ("example.org:0", "takes HOST or HOST:PORT"),
        ("sandbox.smaapis.de", "that host is SMA's and is served here"),
    ],
)
def test_a_host_that_cannot_be_let_through_is_told_at_the_start(
    wrong: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--proxy", "--port", "0", "--tls-dir", str(tmp_path), "--pass-through", wrong]) == 2
    assert text in capsys.readouterr().err


def test_hosts_are_let_through_by_a_proxy_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--pass-through", "example.org"]) == 2
    assert "only works with --proxy" in capsys.readouterr().err


@pytest.mark.slow
def test_the_ready_line_names_proxy_and_authority(tmp_path: Path) -> None:
    command = [*COMMAND, "serve", "--proxy", "--port", "0", "--tls-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
    assert ", also as a proxy for SMA's hosts; clients must trust " in line
