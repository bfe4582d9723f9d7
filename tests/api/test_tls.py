"""Certificates of ``serve --tls auto``: made once, used again, for SMA's names, trusted by their authority's file."""

from __future__ import annotations

import socket
import ssl
import stat
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma import cli
from mock_sma.api.tls import Tls, certificates, default_directory, is_name
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.sandbox.hosts import SMA_HOSTS
from tests.server_process import run, serve

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certificates(tmp_path_factory.mktemp("tls"), ["mock-sma"])


def shaken(tls: Tls, name: str) -> str:
    """Shake hands in memory as ``name``; return the issuer's organisation that the client saw."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(tls.chain, tls.key)
    client.load_verify_locations(tls.authority)
    ways = [ssl.MemoryBIO() for _ in range(2)]
    ends = [
        server.wrap_bio(ways[0], ways[1], server_side=True),
        client.wrap_bio(ways[1], ways[0], server_hostname=name),
    ]
    for _ in range(4):
        for end in reversed(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    certificate = ends[1].getpeercert()
    assert certificate is not None
    return dict(part[0] for part in certificate["issuer"])["organizationName"]


@pytest.mark.parametrize("name", [*SMA_HOSTS, "localhost", "127.0.0.1", "::1", "mock-sma"])
def test_a_client_that_trusts_the_authority_finds_each_name(made: Tls, name: str) -> None:
    assert shaken(made, name) == "mock-sma"


@pytest.mark.parametrize("name", ["sma.de", "evil.smaapis.de", "127.0.0.2"])
def test_other_names_are_not_in_it(made: Tls, name: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(made, name)


def test_only_the_owner_reads_the_key_and_the_authoritys_is_nowhere(made: Tls) -> None:
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    files = {file.name: file.read_bytes() for file in made.key.parent.iterdir()}
    assert [name for name, data in files.items() if b"PRIVATE KEY" in data] == ["server.key"]
    assert set(files) == {"ca.pem", "server.pem", "server.key"}


def test_they_are_used_again_while_they_hold_for_the_names(tmp_path: Path) -> None:
    def authority(*names: str) -> bytes:
        tls = certificates(tmp_path, names)
        assert tls.authority is not None
        return tls.authority.read_bytes()

    first = authority("mock-sma")
    assert authority("mock-sma") == first
    assert authority() == first
    other = authority("another")
    assert other != first
    (tmp_path / "server.pem").write_text("no certificate")
    assert authority("another") not in (first, other)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MockSmaError, match=r"cannot keep certificates in .*file/tls: .*--tls-dir"):
        certificates(tmp_path / "file" / "tls")


def test_they_are_kept_in_the_users_state_directory() -> None:
    assert str(default_directory({"HOME": "/h"})) == "/h/.local/state/mock-sma/tls"
    assert str(default_directory({"HOME": "/h", "XDG_STATE_HOME": "/s"})) == "/s/mock-sma/tls"
    with pytest.raises(UsageError, match="--tls-dir"):
        default_directory({})


def test_names_are_hosts_without_a_port() -> None:
    assert [text for text in ("mock-sma", "::1", "10.0.0.1", "host:80", "") if is_name(text)] == [
        "mock-sma",
        "::1",
        "10.0.0.1",
    ]


@pytest.mark.slow
def test_a_server_answers_https_and_tells_what_to_trust(tmp_path: Path) -> None:
    directory = str(tmp_path / "tls")
    with serve("--tls", "auto", "--tls-dir", directory) as (_, ready):
        assert ready["url"].startswith("https://127.0.0.1:")
        assert ready["ca"] == f"{directory}/ca.pem"
        trusting = ssl.create_default_context(cafile=ready["ca"])
        assert (
            httpx.get(f"{ready['url']}/_mock/health", verify=trusting, trust_env=False, timeout=30).json()["status"]
            == "ok"
        )
        assert run("health", ready["url"]).stdout == f"{ready['url']} ok\n"
        with socket.create_connection(("127.0.0.1", int(ready["url"].rpartition(":")[2]))) as plain:
            named = trusting.wrap_socket(plain, server_hostname="sandbox.smaapis.de")
            named.sendall(b"GET /monitoring/v1/plants HTTP/1.1\r\nhost: sandbox.smaapis.de\r\n\r\n")
            assert named.recv(100).startswith(b"HTTP/1.1 401")
            named.close()


def test_tls_is_told_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--tls", "auto", "--tls-cert", "a", "--tls-key", "b"]) == 2
    assert "leave out --tls-cert and --tls-key" in capsys.readouterr().err
