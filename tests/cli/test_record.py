"""``mock-sma record`` as a user runs it: a proxy between a program and a server, and the archive that it leaves."""

from __future__ import annotations

import json
import signal
import ssl
import stat
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.archive.writing import ArchiveWriter
from mock_sma.testing import LiveServer
from tests.sandbox_helpers import make
from tests.server_process import COMMAND, environment, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}


def test_a_program_behind_the_proxy_is_recorded_without_its_secrets(tmp_path: Path) -> None:
    out = tmp_path / "session.har"
    out.write_text("old")
    out.chmod(0o644)
    with LiveServer(make()) as upstream:
        words = [
            "record",
            "--out",
            str(out),
            "--upstream",
            upstream.url,
            "--port",
            "0",
            "--tls-dir",
            str(tmp_path),
            "--json",
        ]
        process = subprocess.Popen(
            [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
        )
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        trust = ssl.create_default_context(cafile=ready["ca"])
        with httpx.Client(proxy=ready["proxy"], verify=trust, timeout=30) as client:
            token = client.post("https://sandbox-auth.smaapis.de/oauth2/token", data=FORM).json()["access_token"]
            headers = {"authorization": f"Bearer {token}", "x-own": "private"}
            plants = client.get("https://sandbox.smaapis.de/monitoring/v1/plants", headers=headers)
            with pytest.raises(httpx.ProxyError):
                client.get("https://example.org/")
        assert plants.status_code == 200
        direct = httpx.get(f"{ready['url']}/v1/plants", verify=trust, timeout=30)
        assert direct.status_code == 401
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said.splitlines()[0].startswith("mock-sma record passes every call on to http://127.0.0.1:")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text()
    for secret in ("demo_secret", token, token.split(".")[2], "private"):
        assert secret not in text
    entries = json.loads(text)["log"]["entries"]
    assert [entry["request"]["url"].partition("?")[0] for entry in entries[:2]] == [
        "https://sandbox-auth.smaapis.de/oauth2/token",
        "https://sandbox.smaapis.de/monitoring/v1/plants",
    ]
    assert json.loads(entries[1]["response"]["content"]["text"]) == plants.json()
    assert [entry["response"]["status"] for entry in entries] == [200, 200, 401]


def test_an_archive_is_whole_after_each_entry(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path / "a.har")
    for count in range(3):
        assert len(json.loads((tmp_path / "a.har").read_bytes())["log"]["entries"]) == count
        writer.write(ArchivedExchange(method="GET", url="https://sandbox.smaapis.de/?access_token=s3cret", status=204))
    writer.close()
    assert "s3cret" not in (tmp_path / "a.har").read_text()
    assert (tmp_path / "a.har").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("address", ["sandbox.smaapis.de", "ftp://x", "http://", "http://x/?q=1"])
def test_an_upstream_is_an_address(address: str) -> None:
    done = run("record", "--out", "never.har", "--upstream", address)
    assert done.returncode == 2
    assert "--upstream takes an address such as" in done.stderr
