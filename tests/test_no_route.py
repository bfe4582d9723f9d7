"""The documented ways pass on a machine without any way out, and no packet and no look-up means to leave it.

The recipes of docs/testing.md (``tests/testing/test_cookbook.py``) and the README's first page run so, too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.no_route import counted, run, spaces
from tests.server_process import environment

pytestmark = pytest.mark.skipif(not spaces(), reason="the kernel allows no network of one's own")

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
STATUS = f"curl -s -o /dev/null -w %{{http_code}} {PLANTS}"
READY = """
mock-sma serve --port 0 --json --tls-dir "$DIR/tls" %s > "$DIR/ready" &
until [ -s "$DIR/ready" ]; do sleep 0.05; done
read_() { python -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$DIR/ready" "$1"; }
"""
WAYS = {
    "run, by namespaces": f"mock-sma run --via namespace -- {STATUS}",
    "run, by a proxy": f"mock-sma run --via proxy -- {STATUS}",
    "a proxy": READY % "--proxy" + f'HTTPS_PROXY="$(read_ url)" CURL_CA_BUNDLE="$(read_ ca)" {STATUS}; kill $!',
    "certificates": READY % "--tls auto"
    + 'url=$(read_ url); port=${url##*:}; CURL_CA_BUNDLE="$(read_ ca)" '
    + f'curl --connect-to "::127.0.0.1:$port" {STATUS.removeprefix("curl ")}; kill $!',
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "name", "packets"),
    [
        ("import socket; socket.getaddrinfo('sandbox.smaapis.de', 443)", "sandbox.smaapis.de", 0),
        ("import socket; socket.create_connection(('198.51.100.1', 443))", None, 1),
        ("import socket; socket.create_connection(('2001:db8::1', 443))", None, 1),
    ],
)
def test_what_means_to_leave_is_counted(code: str, name: str | None, packets: int, tmp_path: Path) -> None:
    done, seen = counted([sys.executable, "-I", "-c", code], tmp_path / "counted.json")
    assert done.returncode == 1
    assert set(seen["looked up"]) == ({name} if name else set())
    assert seen["without route"] >= packets


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_way_of_docs_hosts_leads_to_the_world_without_any_route(way: str, tmp_path: Path) -> None:
    env = environment(DIR=str(tmp_path), PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    proxies = {name for name in env if name.lower().endswith("_proxy")}
    script = ["/bin/bash", "-c", f"set -eu\n{WAYS[way]}"]
    clean = {name: value for name, value in env.items() if name not in proxies}
    done = run(script, tmp_path / "counted.json", timeout=60, env=clean)
    assert done.stdout == "401", done.stderr
