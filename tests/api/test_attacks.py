"""Attacks on the control API and on the server below it: each is refused, changes nothing, and leaves it answering."""

from __future__ import annotations

import io
import json
import socket
import tarfile
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api import protocol
from mock_sma.api.admission import MAX_BODY
from mock_sma.api.app import App
from mock_sma.sandbox.worlds import Worlds
from mock_sma.testing.live import LiveServer
from tests.sandbox_helpers import make
from tests.server_process import get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_sma.sandbox.sandbox import Sandbox

LOCAL = "127.0.0.1:8080"
JSON = {"content-type": "application/json"}
YAML = {"content-type": "application/yaml"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
EVIL = {"origin": "http://evil.example"}


def archive(kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w") as file:
            file.writestr("../../evil.yaml", "version: 1\nname: evil\n")
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as file:
            info = tarfile.TarInfo("/etc/evil.yaml")
            info.size = 3
            file.addfile(info, io.BytesIO(b"a: "))
    return buffer.getvalue()


def laughs() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return ("version: 1\nname: x\n" + "\n".join(lines)).encode()


Row = tuple[str, str, str, dict[str, str], bytes, set[int]]

DRIVE_BY: list[Row] = [
    ("a page resets by fetch", "POST", "/_mock/reset", EVIL, b"", {403}),
    ("a page sends a form", "POST", "/_mock/reset", FORM | EVIL, b"a=1", {403}),
    ("an old browser sends a form without origin", "POST", "/_mock/reset", FORM, b"a=1", {415}),
    ("a form of text", "POST", "/_mock/faults", {"content-type": "text/plain"}, b'{"effect":{"status":500}}', {415}),
    ("a form of parts", "POST", "/_mock/faults", {"content-type": "multipart/form-data; boundary=x"}, b"--x--", {415}),
    ("a form in capitals", "POST", "/_mock/reset", {"content-type": "TEXT/PLAIN;charset=utf-8"}, b"x", {415}),
    ("a body without a kind", "POST", "/_mock/faults", {"content-type": ""}, b'{"effect":{"status":500}}', {415}),
    ("JSON under another name", "POST", "/_mock/faults", {"content-type": "text/json"}, b'{"effect":{}}', {415, 422}),
    ("a sandboxed frame", "POST", "/_mock/reset", {"origin": "null"}, b"", {403}),
    ("an origin that begins alike", "POST", "/_mock/reset", {"origin": f"http://{LOCAL}.evil.example"}, b"", {403}),
    ("an origin with a user part", "POST", "/_mock/reset", {"origin": f"http://{LOCAL}@evil.example"}, b"", {403}),
    ("an origin of another port", "POST", "/_mock/reset", {"origin": "http://127.0.0.1:9"}, b"", {403}),
    ("an origin that is empty", "POST", "/_mock/reset", {"origin": ""}, b"", {403}),
    ("an origin that is no URL", "POST", "/_mock/reset", {"origin": "http://[::"}, b"", {403}),
    ("an origin of a file", "POST", "/_mock/reset", {"origin": "file://"}, b"", {403}),
    (
        "an image's GET",
        "GET",
        "/_mock/requests",
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        b"",
        {403},
    ),
    ("a script's GET", "GET", "/_mock/worlds", {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, b"", {403}),
    (
        "a frame's form",
        "POST",
        "/_mock/reset",
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"} | EVIL,
        b"",
        {403},
    ),
    ("a preflight", "OPTIONS", "/_mock/reset", EVIL | {"access-control-request-method": "POST"}, b"", {403}),
    ("a preflight of the own origin", "OPTIONS", "/_mock/reset", {"origin": f"http://{LOCAL}"}, b"", {405}),
    ("a GET that would reset", "GET", "/_mock/reset", {}, b"", {405}),
    ("a GET that would answer a consent", "GET", "/_mock/consents/a@b/accept", {}, b"", {405}),
    ("a GET that would advance", "GET", "/_mock/clock/advance?seconds=9", {}, b"", {405}),
    ("another method by a header", "GET", "/_mock/reset", {"x-http-method-override": "POST"}, b"", {405}),
    ("another method by a field", "POST", "/_mock/faults?_method=DELETE", FORM, b"_method=DELETE", {415}),
]

REBINDING: list[Row] = [
    (f"host {host}", "POST", "/_mock/reset", {"host": host}, b"", {403})
    for host in (
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1.nip.io",
        "127.0.0.1x",
        "0x7f.0.0.1",
        "2130706433",
        "localhost@evil.example",
        "evil.example#localhost",
        "[evil]",
        "localhost\t",
        "xn--lcalhost-54a",
        "LOCALHOST.EVIL",
        "sandbox.smaapis.de",
        "auth.smaapis.de",
        "..",
        "*",
    )
    if host != "localhost\t"
]

TRAVERSAL: list[Row] = [
    ("scenario by path", "PUT", "/_mock/scenario", JSON, b'{"name":"../../../../etc/passwd"}', {422}),
    ("scenario by absolute path", "PUT", "/_mock/scenario", JSON, b'{"name":"/etc/passwd"}', {422}),
    ("scenario by windows path", "PUT", "/_mock/scenario", JSON, b'{"name":"..\\\\..\\\\boot.ini"}', {422}),
    ("scenario by hidden name", "PUT", "/_mock/scenario", JSON, b'{"name":".git"}', {422}),
    ("scenario with a null", "PUT", "/_mock/scenario", JSON, b'{"name":"sandbox\\u0000.yaml"}', {422}),
    ("scenario by URL", "PUT", "/_mock/scenario", JSON, b'{"name":"http://evil.example/x.yaml"}', {422}),
    ("scenario by a file URL", "PUT", "/_mock/scenario", JSON, b'{"name":"file:///etc/passwd"}', {422}),
    ("extends by path", "PUT", "/_mock/scenario", YAML, b"version: 1\nname: x\nextends: ../../etc/passwd\n", {422}),
    ("extends by absolute path", "PUT", "/_mock/scenario", YAML, b"version: 1\nname: x\nextends: /etc/passwd\n", {422}),
    ("world by path", "POST", "/_mock/worlds", JSON, b'{"scenario":"../../etc/passwd"}', {422}),
    ("world with a name of dots", "POST", "/_mock/worlds", JSON, b'{"name":".."}', {400}),
    ("world with a slash", "POST", "/_mock/worlds", JSON, b'{"name":"a/../default"}', {400}),
    ("console's files by dots", "GET", "/_mock/console/../../../etc/passwd", {}, b"", {404}),
    ("console's files encoded", "GET", "/_mock/console/%2e%2e/%2e%2e/etc/passwd", {}, b"", {404}),
    ("console's files encoded twice", "GET", "/_mock/console/%252e%252e/etc/passwd", {}, b"", {404}),
    ("console's static files", "GET", "/_mock/console/static/..%2f..%2fetc%2fpasswd", {}, b"", {404}),
    ("Swagger's files", "GET", "/monitoring/swagger/..%2f..%2fetc/passwd", {}, b"", {404, 501}),
    ("a plant by dots", "GET", "/_mock/plants/..%2f..%2fclock", {}, b"", {404}),
    ("a request by dots", "GET", "/_mock/requests/..%2fclock", {}, b"", {404}),
]

DOCUMENTS: list[Row] = [
    ("billion laughs", "PUT", "/_mock/scenario", YAML, laughs(), {422}),
    ("a Python object", "PUT", "/_mock/scenario", YAML, b"!!python/object/apply:os.system ['true']", {422}),
    ("a Python name", "PUT", "/_mock/scenario", YAML, b"name: !!python/name:os.system\n", {422}),
    ("a tag of one's own", "PUT", "/_mock/scenario", YAML, b"name: !evil x\nversion: 1\n", {422}),
    ("several documents", "PUT", "/_mock/scenario", YAML, b"version: 1\nname: a\n---\nname: b\n", {422}),
    ("duplicate keys of YAML", "PUT", "/_mock/scenario", YAML, b"version: 1\nname: a\nname: b\n", {422}),
    ("duplicate keys of JSON", "PUT", "/_mock/scenario", JSON, b'{"version":1,"name":"a","name":"b"}', {422}),
    ("an alias of itself", "PUT", "/_mock/scenario", YAML, b"version: 1\nname: x\nplants: &a [*a]\n", {422}),
    ("deep YAML", "PUT", "/_mock/scenario", YAML, b"[" * 20_000, {422}),
    ("deep JSON", "PUT", "/_mock/scenario", JSON, b"[" * 200_000, {422}),
    ("deep JSON of a rule", "POST", "/_mock/faults", JSON, b'{"a":' * 200_000, {400, 422}),
    ("a number without end", "POST", "/_mock/clock/advance", JSON, b'{"seconds":1e999}', {400, 422}),
    ("a number of many digits", "POST", "/_mock/clock/advance", JSON, b'{"seconds":' + b"9" * 5_000 + b"}", {400, 422}),
    ("not a number", "POST", "/_mock/clock/advance", JSON, b'{"seconds":NaN}', {400, 422}),
    ("a time beyond all", "POST", "/_mock/clock/advance", JSON, b'{"seconds":1e17}', {400}),
    (
        "a time zone that is a file",
        "PUT",
        "/_mock/scenario",
        YAML,
        b"version: 1\nname: x\nplants: [{id: 1, name: a, timezone: ../../etc/passwd}]\n",
        {422},
    ),
    ("bytes that are no UTF-8", "PUT", "/_mock/scenario", YAML, b"name: \xff\xfe\n", {422}),
    ("UTF-16", "PUT", "/_mock/scenario", JSON, '{"name":"ennexos"}'.encode("utf-16"), {422}),
    ("a null in YAML", "PUT", "/_mock/scenario", YAML, b"name: a\x00b\n", {422}),
    ("a zip archive", "PUT", "/_mock/scenario", {"content-type": "application/zip"}, archive("zip"), {415}),
    ("a zip archive as YAML", "PUT", "/_mock/scenario", YAML, archive("zip"), {422}),
    ("a tar archive", "PUT", "/_mock/scenario", {"content-type": "application/gzip"}, archive("tar"), {415}),
    ("a packed body", "PUT", "/_mock/scenario", JSON | {"content-encoding": "gzip"}, archive("tar"), {415, 422}),
    (
        "a rule that splits headers",
        "POST",
        "/_mock/faults",
        JSON,
        json.dumps({"effect": {"status": 500, "headers": {"a": "b\r\nset-cookie: x=1"}}}).encode(),
        {422},
    ),
    (
        "a rule with a header's name that splits",
        "POST",
        "/_mock/faults",
        JSON,
        json.dumps({"effect": {"status": 500, "headers": {"a: b\r\nc": "d"}}}).encode(),
        {422},
    ),
    (
        "a rule that frames",
        "POST",
        "/_mock/faults",
        JSON,
        json.dumps({"effect": {"status": 200, "headers": {"Transfer-Encoding": "chunked"}}}).encode(),
        {422},
    ),
    (
        "a rule with a pattern that backtracks",
        "POST",
        "/_mock/faults",
        JSON,
        json.dumps({"match": {"path": "*" * 5_000 + "x"}, "effect": {"status": 500}}).encode(),
        {422},
    ),
]

OVERSIZE: list[Row] = [
    ("a large rule", "POST", "/_mock/faults", JSON, b'"' + b"x" * MAX_BODY + b'"', {413}),
    ("a large scenario", "PUT", "/_mock/scenario", YAML, b"#" * (MAX_BODY + 1), {413}),
    ("a scenario just over its bound", "PUT", "/_mock/scenario", YAML, b"#" * (4 * 1024 * 1024 + 1), {413}),
    (
        "a large length that is only announced",
        "POST",
        "/_mock/faults",
        JSON | {"content-length": "99999999999"},
        b"",
        {413},
    ),
    ("a large token request", "POST", "/oauth2/token", FORM, b"a" * 70_000, {413}),
    ("many parameters", "POST", "/oauth2/token", FORM, b"&".join(b"a%d=1" % n for n in range(5_000)), {400}),
    ("a large name of a world", "POST", "/_mock/worlds", JSON, b'{"name":"' + b"x" * 10_000 + b'"}', {400, 422}),
    ("a large filter", "GET", "/_mock/requests?path=" + "*a" * 4_000, {}, b"", {200, 422}),
    ("a large limit", "GET", "/_mock/requests?limit=99999999999999999999", {}, b"", {422}),
]

TABLE = [*DRIVE_BY, *REBINDING, *TRAVERSAL, *DOCUMENTS, *OVERSIZE]


@pytest.fixture(scope="module")
def app() -> App:
    return App(Worlds(make()))


@pytest.fixture(scope="module")
def locked() -> App:
    return App(Worlds(make()), token="s3cret")


def digest(world: Sandbox) -> tuple[object, ...]:
    return (world.scenario.name, world.clock.isoformat(), len(world.faults), len(world.consents), len(world.mailbox))


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
async def test_attack(row: Row, app: App) -> None:
    _, method, path, headers, body, statuses = row
    worlds = app.worlds
    world = worlds.default
    before = digest(world)
    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        request = http.build_request(method, f"http://{LOCAL}{path}", headers=headers, content=body)
        request.headers.pop("content-type") if headers.get("content-type") == "" else None
        answer = await http.send(request)
        assert answer.status_code in statuses, answer.text[:500]
        assert digest(world) == before
        assert len(worlds) == 1
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "root:" not in answer.text
        assert (await http.get("/_mock/health")).status_code == 200


TOKENS = [
    "",
    "x",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "bearer s3cret ",
    "Basic s3cret",
    "Bearer s3cre",
    "Bearer s3cret1",
    "Bearer S3CRET",
    "Bearer s3cret\u00e9",
    "Bearer s3cret, Bearer s3cret",
    "Token s3cret",
]


@pytest.mark.parametrize("given", [token for token in TOKENS if token != "bearer s3cret "])
async def test_attack_on_the_control_token(given: str, locked: App) -> None:
    shell = httpx.ASGITransport(locked)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        for path in (
            "/_mock/health",
            "/_mock/worlds/default/clock",
            "/portal/mailbox",
            "/PORTAL/mailbox",
            "/%5Fmock/clock",
        ):
            answer = await http.get(path, headers={"authorization": given.encode("utf-8")})
            assert answer.status_code == 401, path


async def test_what_is_allowed_stays_allowed(app: App) -> None:
    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        own = {"origin": f"http://{LOCAL}", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
        assert (await http.post("/_mock/reset", headers=own)).status_code == 204
        link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        assert (await http.get("/_mock/health", headers=link)).status_code == 200
        for host in ("localhost", "localhost:8080", "a.localhost", "[::1]:8080", "10.0.0.7:8080"):
            assert (await http.get("/_mock/health", headers={"host": host})).status_code == 200


async def test_two_hosts_are_one_too_many(app: App) -> None:
    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        request = httpx.Request(
            "GET", f"http://{LOCAL}/_mock/health", headers=[("host", "evil.example"), ("host", LOCAL)]
        )
        assert (await http.send(request)).status_code == 400


async def test_a_body_that_grows_without_a_length_is_cut_off(app: App) -> None:
    async def endless() -> Any:
        for _ in range(MAX_BODY // 65_536 + 2):
            yield b" " * 65_536

    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        answer = await http.post("/_mock/faults", content=endless(), headers=JSON)
        assert answer.status_code == 413


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        # A client that ends its side is not waited for: the control API has to be loaded by then.
        get(f"{server.url}/_mock/health")
        yield server


def raw(server: LiveServer, data: bytes) -> bytes:
    """Send bytes and return what comes back until the end, or for ten seconds."""
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        try:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            while piece := sock.recv(65_536):
                got += piece
        except OSError:
            pass
    return got


HEAD = b"Host: 127.0.0.1\r\n"
BYTES: list[tuple[str, bytes, set[bytes]]] = [
    ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {b"400"}),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {b"400"}),
    ("a method of no standard", b"RESET /_mock/reset HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400"}),
    ("a method in small letters", b"post /_mock/reset HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400"}),
    ("TRACE", b"TRACE /_mock/health HTTP/1.1\r\n" + HEAD + b"\r\n", {b"405"}),
    ("CONNECT", b"CONNECT evil.example:80 HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400", b""}),
    ("the server as a whole", b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400", b"404", b"405"}),
    ("an absolute target", b"GET http://evil.example/_mock/health HTTP/1.1\r\nHost: evil.example\r\n\r\n", {b"403"}),
    ("a target without a slash", b"GET _mock/health HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400"}),
    ("two slashes", b"POST //_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n", {b"404", b"400"}),
    ("dots", b"POST /v1/../_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n", {b"404", b"405", b"501"}),
    (
        "an encoded letter, a foreign host",
        b"POST /%5Fmock/reset HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n",
        {b"403"},
    ),
    (
        "length and chunks",
        b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {b"400"},
    ),
    (
        "two lengths",
        b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        {b"400"},
    ),
    ("a negative length", b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: -1\r\n\r\n", {b"400"}),
    ("a length of letters", b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: ten\r\n\r\n", {b"400"}),
    (
        "a chunk of letters",
        b"POST /oauth2/token HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        {b"400", b""},
    ),
    ("a null in a header", b"GET /_mock/health HTTP/1.1\r\n" + HEAD + b"X: a\x00b\r\n\r\n", {b"400"}),
    ("a space before the colon", b"GET /_mock/health HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n", {b"400"}),
    ("a folded header", b"GET /_mock/health HTTP/1.1\r\n" + HEAD + b"X: a\r\n b\r\n\r\n", {b"400", b"200"}),
    ("a large header", b"GET /_mock/health HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 40_000 + b"\r\n\r\n", {b"431"}),
    ("many headers", b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"X: aaaa\r\n" * 8_000 + b"\r\n", {b"431"}),
    ("a large target", b"GET /v1/" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", {b"431"}),
    ("a header without end", b"GET /v1/plants HTTP/1.1\r\nX: " + b"a" * 200_000, {b"431", b""}),
    ("no host at all", b"GET /_mock/health HTTP/1.0\r\n\r\n", {b"403"}),
    (
        "an upgrade",
        b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        {b"401", b"400"},
    ),
    ("a broken escape", b"GET /v1/plants/%zz%f HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", {b"401"}),
    (
        "bytes beyond ASCII in a target",
        b"GET /v1/\xff\xfe HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n",
        {b"400", b"404", b"501"},
    ),
]


@pytest.mark.parametrize(("data", "statuses"), [row[1:] for row in BYTES], ids=[row[0] for row in BYTES])
def test_attack_in_bytes(server: LiveServer, data: bytes, statuses: set[bytes]) -> None:
    before = digest(server.sandbox)
    answer = raw(server, data)
    assert answer[9:12] in statuses, answer[:300]
    assert digest(server.sandbox) == before
    assert get(f"{server.url}/_mock/health").status_code == 200


def test_a_request_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "REQUEST_TIME", 0.2)
    with LiveServer(make()) as server:
        for begun in (b"", b"GET /v1/pl", b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\na="):
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as sock:
                sock.sendall(begun)
                with suppress(ConnectionResetError):
                    assert sock.recv(1) == b""
        assert get(f"{server.url}/_mock/health").status_code == 200


def test_there_are_at_least_80_cases() -> None:
    assert len(TABLE) + len(BYTES) + len(TOKENS) >= 80


def test_no_call_ever_leaves_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[object] = []
    connect: Callable[..., Any] = socket.socket.connect
    look_up: Callable[..., Any] = socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            refused.append(address)
            raise OSError("no call may leave")
        return connect(self, address)

    def resolve(host: Any, *more: Any, **options: Any) -> Any:
        if host not in ("127.0.0.1", "::1", "localhost", None):
            refused.append(host)
            raise OSError("no name may be looked up")
        return look_up(host, *more, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with LiveServer(make()) as server, httpx.Client(base_url=server.url, trust_env=False, timeout=30) as http:
        form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
        bearer = {"authorization": f"Bearer {http.post('/oauth2/token', data=form).json()['access_token']}"}
        email = "apiTestUser@apiSandbox.com"
        http.post("/oauth2/v2/bc-authorize", json={"loginHint": email}, headers=bearer)
        http.post(f"/_mock/consents/{email}/accept")
        for path in ("plants", "plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14", "plants/13/logs"):
            assert http.get(f"/monitoring/v1/{path}", headers=bearer).status_code == 200
        query = "client_id=demo_app&response_type=code&redirect_uri=http://localhost:8000/callback&state=s"
        assert http.get(f"/oauth2/auth?{query}").status_code in (200, 302, 303)
        http.put("/_mock/scenario", json={"name": "http://evil.example/x"})
        for path in ("/", "/_mock/console/", "/_mock/fidelity", "/_mock/mailbox", "/monitoring/index.html", "/portal"):
            assert http.get(path, follow_redirects=True).status_code in (200, 404)
    assert refused == []
