"""Archives and collections as programs write them: Chrome, Firefox, mitmproxy, Postman, and others that pack bodies."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.archive.reading import exchanges_of
from mock_sma.errors import ArchiveError
from mock_sma.fidelity import load_ledger
from mock_sma.witness.evidence import RowVerdict
from mock_sma.witness.judge import judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mock_sma.archive.exchange import ArchivedExchange

URL = "https://sandbox.smaapis.de/monitoring/v1/plants"
BODY = b'{"plants":[{"plantId":"7","name":"A","timezone":"Europe/Berlin"}]}'
HEADERS = [{"name": "content-type", "value": "application/json; charset=utf-8"}]

CHROME: dict[str, Any] = {
    "_connectionId": "91",
    "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "", "url": URL, "lineNumber": 4}]}},
    "_priority": "High",
    "_resourceType": "fetch",
    "cache": {},
    "connection": "443",
    "pageref": "page_1",
    "request": {
        "method": "GET",
        "url": URL,
        "httpVersion": "h2",
        "headers": [{"name": ":authority", "value": "sandbox.smaapis.de"}, {"name": ":method", "value": "GET"}],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0,
    },
    "response": {
        "status": 200,
        "statusText": "",
        "httpVersion": "h2",
        "headers": HEADERS,
        "cookies": [],
        "content": {"size": len(BODY), "mimeType": "application/json", "text": BODY.decode()},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "_transferSize": 80,
        "_error": None,
    },
    "serverIPAddress": "[::1]",
    "startedDateTime": "2025-06-15T10:00:00.123Z",
    "time": -1,
    "timings": {"blocked": -1, "send": -1, "wait": -1, "receive": -1},
}


def with_answer(**changed: Any) -> dict[str, Any]:
    return {**CHROME, "response": {**CHROME["response"], **changed}}


def read(tmp_path: Path, *entries: Any, head: bytes = b"", **log: Any) -> Iterator[ArchivedExchange]:
    file = tmp_path / "session.har"
    file.write_bytes(head + json.dumps({"log": {"version": "1.2", **log, "entries": entries}}).encode())
    return exchanges_of(file)


@pytest.mark.parametrize(
    "content",
    [
        {"text": BODY.decode()},
        {"text": b64encode(BODY).decode(), "encoding": "base64"},
        {"text": b64encode(gzip.compress(BODY, mtime=0)).decode(), "encoding": "base64", "compression": 12},
    ],
)
def test_a_body_is_read_however_it_was_kept(tmp_path: Path, content: dict[str, Any]) -> None:
    (exchange,) = read(tmp_path, with_answer(content=content))
    assert (exchange.body, exchange.status, exchange.url) == (BODY, 200, URL)
    evidence = judge([exchange], load_ledger())
    assert list(evidence.names(RowVerdict.REFUTED)) == []
    assert "field.PlantName.plantId" in set(evidence.names(RowVerdict.CONFIRMED))


def test_a_body_that_a_browser_forgot_says_nothing_and_an_empty_one_does(tmp_path: Path) -> None:
    forgotten = with_answer(content={"size": 66, "mimeType": "application/json"})
    empty = with_answer(content={"size": 0, "mimeType": "application/json"})
    evidence = judge(read(tmp_path, forgotten), load_ledger())
    assert list(evidence.names(RowVerdict.REFUTED)) == []
    assert list(evidence.names(RowVerdict.CONFIRMED)) == ["status.monitoring.200"]
    assert list(judge(read(tmp_path, empty), load_ledger()).names(RowVerdict.REFUTED)) == ["operation.getPlants"]


@pytest.mark.parametrize("answer", [None, {}, {"status": 0, "statusText": "", "headers": [], "content": {}}])
def test_a_request_without_an_answer_says_nothing(tmp_path: Path, answer: Any) -> None:
    evidence = judge(read(tmp_path, {**CHROME, "response": answer}, CHROME), load_ledger())
    assert (evidence.exchanges, evidence.others) == (1, 1)


def test_a_byte_order_mark_and_headers_without_values_are_read_over(tmp_path: Path) -> None:
    (exchange,) = read(tmp_path, with_answer(headers=[*HEADERS, {"name": "x"}]), head=b"\xef\xbb\xbf", pages=None)
    assert exchange.header("x") == ""


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (gzip.compress(b"{}", mtime=0), "it is compressed; unpack it with gunzip"),
        (b"PK\x03\x04rest", "it is a ZIP file"),
        (json.dumps({"log": {"entries": [CHROME]}}).encode("utf-16"), "it is in UTF-16"),
    ],
)
def test_what_is_packed_or_spelt_otherwise_is_named(tmp_path: Path, data: bytes, complaint: str) -> None:
    (tmp_path / "a.har").write_bytes(data)
    with pytest.raises(ArchiveError, match=complaint):
        list(exchanges_of(tmp_path / "a.har"))


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"log": {"entries": [with_answer(status="topsecret")]}}).encode(),
        json.dumps({"log": {"entries": [with_answer(headers=["topsecret"])]}}).encode(),
        json.dumps({"log": {"entries": [with_answer(content={"text": "topsecret", "encoding": "base64"})]}}).encode(),
        json.dumps({"log": {"entries": [with_answer(content={"text": "H4sItops", "encoding": "base64"})]}}).encode(),
        b'{"log": {"entries": [topsecret',
        b'\xff"topsecret"',
    ],
)
def test_no_complaint_quotes_an_archive(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.har").write_bytes(data)
    with pytest.raises(ArchiveError) as told:
        list(exchanges_of(tmp_path / "a.har"))
    assert "topsecret" not in str(told.value)


def collection(**answer: Any) -> dict[str, Any]:
    request = {"method": "GET", "header": [], "url": {"raw": "{{host}}/monitoring/v1/plants", "path": ["plants"]}}
    saved = {"name": "ok", "originalRequest": request, "code": 200, "status": "OK", "body": BODY.decode()}
    saved |= {"header": [{"key": "Content-Type", "value": "application/json"}], "_postman_previewlanguage": "json"}
    return {
        "info": {"name": "Own", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "variable": [{"key": "host", "value": "https://sandbox.smaapis.de"}],
        "item": [
            {"name": "A folder", "item": [{"name": "Plants", "request": request, "response": [saved | answer]}]},
            {"name": "Unasked", "request": URL},
        ],
    }


@pytest.mark.parametrize("answer", [{}, {"header": "Content-Type: application/json"}, {"originalRequest": None}])
def test_answers_that_are_saved_in_a_postman_collection_are_read(tmp_path: Path, answer: dict[str, Any]) -> None:
    (tmp_path / "own.json").write_text(json.dumps(collection(**answer)))
    (exchange,) = exchanges_of(tmp_path / "own.json")
    assert (exchange.method, exchange.url, exchange.status, exchange.body) == ("GET", URL, 200, BODY)
    assert exchange.header("content-type") == "application/json"


@pytest.mark.parametrize("own", [True, False])
def test_variables_of_a_collection_have_its_values(tmp_path: Path, own: bool) -> None:
    """A path has its own, a token those of the collection, and one may name another."""
    raw = "{{api}}/plants/:plantId/measurements/sets/EnergyBalance/Day?Date={{day}}&at=12:00"
    path = [{"key": "plantId", "value": "{{plant}}"}, {"key": "unused", "value": None}]
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]}
    saved = {"code": 200, "body": BODY.decode(), "originalRequest": {"url": {"raw": raw, "variable": path}}}
    value = collection() | {"item": [{"auth": None, "item": [{"response": [saved]}]}], "auth": auth}
    if own:
        saved["originalRequest"]["header"] = [
            {"key": "Authorization", "value": "Bearer {{token}}"},
            {"key": "X-Off", "value": "1", "disabled": True},
        ]
        del value["auth"]
    value["variable"] += [
        {"key": "api", "value": "{{ host }}/v1"},
        {"id": "plant", "value": 13},
        {"key": "token", "value": "topsecret"},
        {"key": "day", "value": None},
    ]
    (tmp_path / "own.json").write_text(json.dumps(value))
    (exchange,) = exchanges_of(tmp_path / "own.json")
    asked = "https://sandbox.smaapis.de/v1/plants/13/measurements/sets/EnergyBalance/Day?Date={{day}}&at=12:00"
    assert exchange.url == asked
    assert [(name.lower(), sent) for name, sent in exchange.request_headers] == [("authorization", "Bearer topsecret")]


@pytest.mark.parametrize("auth", [{"type": "bearer", "bearer": {"token": "a"}}, {"type": "noauth"}, None])
def test_a_folder_may_say_how_its_requests_are_authorised(tmp_path: Path, auth: Any) -> None:
    value = collection()
    value["item"][0]["auth"] = auth
    (tmp_path / "own.json").write_text(json.dumps(value))
    (exchange,) = exchanges_of(tmp_path / "own.json")
    assert exchange.request_header("authorization") == ("Bearer a" if auth and "bearer" in auth else None)


def test_an_answer_that_was_saved_without_its_body_says_nothing_of_it(tmp_path: Path) -> None:
    for body, has_body in ((None, False), ("", True)):
        (tmp_path / "own.json").write_text(json.dumps(collection(body=body)))
        (exchange,) = exchanges_of(tmp_path / "own.json")
        assert (exchange.body, exchange.has_body) == (b"", has_body)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({**collection(), "item": [{"request": URL}]}, "questions but no saved answers; send them through mock-sma"),
        (collection(code="topsecret"), "saved answer 1 is none as a Postman collection has it"),
        ({**collection(), "item": [1]}, "saved answer 1 is none"),
        ({"info": {}, "item": 3}, "there is no entry"),
    ],
)
def test_a_collection_that_says_nothing_is_told(tmp_path: Path, value: Any, complaint: str) -> None:
    (tmp_path / "own.json").write_text(json.dumps(value))
    with pytest.raises(ArchiveError, match=complaint):
        list(exchanges_of(tmp_path / "own.json"))


MARKED = b"\xef\xbb\xbf"
TOLD = f'{{"url": "{URL}", "body": {BODY.decode()}}}'


@pytest.mark.parametrize(
    ("answer", "address"),
    [
        (BODY, MARKED + URL.encode()),
        (BODY, f"{URL}\r\n".encode("utf-16")),
        (BODY, f"[InternetShortcut]\r\nURL={URL}\r\n".encode()),
        (MARKED + TOLD.encode(), None),
        (TOLD.encode("utf-16"), None),
    ],
)
def test_files_of_a_folder_are_read_as_windows_writes_them(
    tmp_path: Path, answer: bytes, address: bytes | None
) -> None:
    (tmp_path / "a.json").write_bytes(answer)
    if address is not None:
        (tmp_path / "a.url").write_bytes(address)
    (exchange,) = exchanges_of(tmp_path)
    assert (exchange.url, exchange.body, exchange.has_body) == (URL, BODY, True)


def test_a_file_of_a_folder_whose_body_is_null_says_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"url": URL, "body": None}))
    (exchange,) = exchanges_of(tmp_path)
    assert exchange.has_body is False


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("a.url", b"topsecret", r"a\.url: there is no address"),
        ("a.url", b"\xff\xfe\x00", r"a\.url: there is no address"),
        ("b.json", b'{"url": "x", "body": ' + b"[" * 1_010 + b"]" * 1_010 + b"}", r"b\.json: it is not"),
    ],
)
def test_a_file_of_a_folder_that_is_none_is_named(tmp_path: Path, name: str, data: bytes, complaint: str) -> None:
    (tmp_path / "a.json").write_bytes(TOLD.encode())
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ArchiveError, match=complaint) as told:
        list(exchanges_of(tmp_path))
    assert "topsecret" not in str(told.value)
