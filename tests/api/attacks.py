"""Attacks on the control API: by pages of other origins, names bound anew, paths, documents and sizes."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING

from mock_sma.api.admission import MAX_BODY

if TYPE_CHECKING:
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
        "localhost\t",
        "xn--lcalhost-54a",
        "LOCALHOST.EVIL",
        "sandbox.smaapis.de",
        "auth.smaapis.de",
        "..",
        "*",
    )
    if host != "localhost\t"
] + [
    (f"no host {host}", "POST", "/_mock/reset", {"host": host}, b"", {400})
    for host in ("localhost@evil.example", "evil.example#localhost", "[evil]")
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


def digest(world: Sandbox) -> tuple[object, ...]:
    return (world.scenario.name, world.clock.isoformat(), len(world.faults), len(world.consents), len(world.mailbox))
