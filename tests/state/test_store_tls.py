"""A store that speaks TLS and wants a password: both stand in the URL, and nobody else ever sees them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

from mock_sma.errors import StateError, UsageError
from tests.redis_server import free_port, needs_redis, redis
from tests.server_process import get, serve, token
from tests.state.peers import Peer, lease_of, together

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "a-word-that-nobody-sees"

pytestmark = needs_redis


class Secure:
    """A store behind TLS."""

    def __init__(self, port: int, authority: Path) -> None:
        self.port = port
        self.authority = authority

    def url(self, password: str = PASSWORD, **more: object) -> str:
        more = {"ssl_ca_certs": self.authority} | more
        return f"rediss://:{password}@localhost:{self.port}/0?" + "&".join(f"{k}={v}" for k, v in more.items())


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(folder / "cert.pem", append=True)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    port = free_port()
    files = ["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem", "--tls-ca-cert-file", "ca.pem"]
    options = ["--tls-port", str(port), *files, "--tls-auth-clients", "no", "--requirepass", PASSWORD]
    with redis(folder, *options):
        yield Secure(port, folder / "ca.pem")


@pytest.mark.slow
def test_servers_share_a_store_behind_tls(secure: Secure) -> None:
    one, two = Peer(secure.url(prefix="a")), Peer(secure.url(prefix="a"))

    async def work() -> None:
        bearer = await one.token()
        assert (await two.ask("GET", "/monitoring/v1/plants", bearer=bearer)).status == 200
        await lease_of(two, bearer)
        assert (await two.ask("GET", "/monitoring/v1/plants", bearer=await one.token())).status == 200

    together(work)


@pytest.mark.slow
def test_what_is_wrong_is_told_without_the_password(secure: Secure, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    (tmp_path / "text.pem").write_text("no certificate")
    for url, words in [
        (secure.url(ssl_ca_certs=other), "certificate verify failed"),
        (secure.url("another"), "WRONGPASS"),
        (secure.url().replace("localhost", "127.0.0.1"), "certificate verify failed"),
        (secure.url().replace("rediss", "redis").partition("?")[0], "the connection"),
        (secure.url(ssl_ca_certs=tmp_path / "nowhere.pem"), "ssl_ca_certs"),
        (secure.url(ssl_ca_certs=tmp_path / "text.pem"), "ssl_ca_certs"),
        (secure.url(ssl_certfile=tmp_path / "text.pem"), "ssl_certfile"),
        (secure.url(ssl_cert_reqs="perhaps"), "ssl_cert_reqs"),
    ]:
        with pytest.raises((StateError, UsageError), match=words) as caught:
            Peer(url)
        assert PASSWORD not in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.slow  # starts a server
def test_the_password_is_nowhere_to_be_seen(secure: Secure) -> None:
    options = ("--log-level", "debug", "--access-log", "--log-format", "json", "--rate", "0")
    with serve(*options, MOCK_SMA_STATE=secure.url(prefix="seen")) as (process, facts):
        url = facts["url"]
        assert token(url).status_code == 200
        pages = [get(f"{url}{path}").text for path in PAGES]
        doing = Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8")
        process.terminate()
        process.wait()
        assert process.stderr is not None
        said = process.stderr.read()
    assert '"level"' in said
    for text in (*pages, doing, said, str(facts)):
        assert PASSWORD not in text


PAGES = (
    "/_mock/ready",
    "/_mock/health",
    "/_mock/scenario",
    "/_mock/requests",
    "/_mock/capsule",
    "/_mock/metrics",
    "/_mock/worlds",
    "/_mock/console",
    "/_mock/nothing",
)
