"""Unchanged https clients reach SMA's host names and find us, and nothing leaves the machine.

The clients run in a network namespace of their own, with a hosts file that leads SMA's names to loopback. It has a
second interface with a default route, as a machine on the internet has one: whatever meant to leave would be counted.
The router's address is known, so that a packet leaves at once, and no search for it goes on into the next test.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mock_sma.sandbox.hosts import SMA_HOSTS
from tests.container.engine import output
from tests.container.running import child_of
from tests.facts import NOW
from tests.server_process import COMMAND, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.container

SPACE = """
set -e
mount --make-rprivate /
mount --bind "$1" /etc/hosts
mount --bind "$2" /etc/resolv.conf
sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link set lo up
ip link add outward type veth peer name beyond
ip addr add 198.51.100.2/24 dev outward
ip link set beyond up
ip link set outward up
ip route add default via 198.51.100.1
ip neigh add 198.51.100.1 lladdr 02:00:00:00:00:01 dev outward nud permanent
shift 2
exec "$@"
"""
"""Run as root in fresh namespaces: HOSTS RESOLV COMMAND…"""

PYTHON = """
import json, urllib.request
def call(url, data=None, **headers):
    return json.load(urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10))
form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
token = call("https://sandbox-auth.smaapis.de/oauth2/token", form)["access_token"]
print(json.dumps(call("https://sandbox.smaapis.de/monitoring/v1/plants", Authorization="Bearer " + token)))
"""
NODE = """
const https = require("https");
https.get("https://sandbox.smaapis.de/monitoring/v1/plants", (answer) => {
  console.log(answer.statusCode);
  answer.resume(); // read to its end, or the connection is kept, and the process with it
});
"""
JAVA = """
public class Client {
  public static void main(String[] arguments) throws Exception {
    var url = java.net.URI.create("https://sandbox.smaapis.de/monitoring/v1/plants");
    var request = java.net.http.HttpRequest.newBuilder(url).build();
    var body = java.net.http.HttpResponse.BodyHandlers.ofString();
    System.out.println(java.net.http.HttpClient.newHttpClient().send(request, body).statusCode());
  }
}
"""


class Space:
    """A network namespace with a server in it.

    Attributes:
        authority: what its clients have to trust.
    """

    def __init__(self, first: int, authority: str) -> None:
        self.authority = authority
        self._enter = ["nsenter", "--target", str(first), "--net", "--mount", "--"]

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it, with an environment that knows of no proxy and no other trust store."""
        clean = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | env
        return subprocess.run(
            [*self._enter, *command], capture_output=True, text=True, timeout=60, check=False, env=clean
        )

    def sent(self) -> int:
        """Return how many packets have left by the second interface."""
        shown = json.loads(self.run("ip", "-json", "-stats", "link", "show", "outward").stdout)
        return int(shown[0]["stats64"]["tx"]["packets"])


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    folder = tmp_path_factory.mktemp("space")
    (folder / "hosts").write_text("127.0.0.1 localhost\n" + "".join(f"127.0.0.1 {name}\n" for name in SMA_HOSTS))
    (folder / "resolv.conf").write_text("nameserver 198.51.100.53\noptions timeout:1 attempts:1\n")
    serve = [
        *COMMAND,
        "serve",
        "--port",
        "443",
        "--tls",
        "auto",
        "--tls-dir",
        str(folder / "tls"),
        "--now",
        NOW,
        "--json",
    ]
    unshared = ["unshare", "--net", "--mount", "--fork", "--kill-child", "sh", "-c", SPACE, "space"]
    command = [*unshared, str(folder / "hosts"), str(folder / "resolv.conf"), *serve]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        first = child_of(process.pid)
        try:
            assert process.stdout is not None
            yield Space(first, json.loads(process.stdout.readline())["ca"])
        finally:
            os.kill(first, signal.SIGTERM)


@pytest.fixture
def sealed(space: Space) -> Iterator[Space]:
    """Give the namespace, and hold it to have sent nothing outward when the test is over."""
    before = space.sent()
    yield space
    assert space.sent() == before


def test_python_finds_us_at_smas_names(sealed: Space) -> None:
    done = sealed.run(sys.executable, "-I", "-c", PYTHON, SSL_CERT_FILE=sealed.authority)
    assert json.loads(done.stdout) == {"plants": []}, done.stderr


def test_a_client_that_does_not_trust_us_is_safe(sealed: Space) -> None:
    done = sealed.run(sys.executable, "-I", "-c", PYTHON)
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr


def test_curl_finds_us_at_every_name(sealed: Space) -> None:
    for name in SMA_HOSTS:
        done = sealed.run(
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{ssl_verify_result} %{remote_ip}",
            "--cacert",
            sealed.authority,
            f"https://{name}/",
        )
        assert done.stdout == "0 127.0.0.1", name


def test_node_finds_us(sealed: Space) -> None:
    done = sealed.run("node", "-e", NODE, NODE_EXTRA_CA_CERTS=sealed.authority)
    assert done.stdout == "401\n", done.stderr


def test_java_finds_us(sealed: Space, tmp_path: Path) -> None:
    store = str(tmp_path / "trust.p12")
    output(
        "keytool",
        "-importcert",
        "-noprompt",
        "-alias",
        "mock-sma",
        "-file",
        sealed.authority,
        "-keystore",
        store,
        "-storepass",
        "changeit",
    )
    (tmp_path / "Client.java").write_text(JAVA)
    trust = [f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=changeit"]
    done = sealed.run("java", *trust, str(tmp_path / "Client.java"))
    assert done.stdout == "401\n", done.stderr


def test_what_would_leave_is_seen(space: Space) -> None:
    """The counter that the other tests rely on rises when something means to leave."""
    before = space.sent()
    code = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('198.51.100.1', 9))"
    assert space.run(sys.executable, "-I", "-c", code).returncode == 0
    assert space.sent() > before
