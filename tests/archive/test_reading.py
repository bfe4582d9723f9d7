"""Archives as they come: of any size, cut short, hostile. Each is read or told of clearly, in bounded memory."""

from __future__ import annotations

import json
import os
import tracemalloc
from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.archive import reading
from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.archive.reading import exchanges_of
from mock_sma.errors import ArchiveError
from mock_sma.importer.collected import plain
from mock_sma.witness.literals import Number

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = {
    "startedDateTime": "2025-06-15T10:00:00Z",
    "request": {"method": "get", "url": "https://sandbox.smaapis.de/monitoring/v1/plants?a=1", "headers": []},
    "response": {"status": 200, "headers": [{"name": "X", "value": "y"}], "content": {"text": "{}"}},
}


def archive(*entries: object) -> str:
    return json.dumps({"log": {"version": "1.2", "pages": [], "entries": entries}})


def test_an_entry_has_its_parts(tmp_path: Path) -> None:
    coded = json.loads(json.dumps(ENTRY))
    coded["response"]["content"] = {"text": b64encode(b'{"a":1.0}').decode(), "encoding": "base64"}
    (tmp_path / "a.har").write_text(archive(ENTRY, coded))
    first, second = exchanges_of(tmp_path / "a.har")
    assert (first.method, first.status, first.host, first.path, first.query) == (
        "GET",
        200,
        "sandbox.smaapis.de",
        "/monitoring/v1/plants",
        "a=1",
    )
    assert first.header("x") == "y"
    assert second.body == b'{"a":1.0}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", r"cut short|no entry"),
        ("{}", r"there is no entry"),
        ("not json", r"no JSON behind entry 0"),
        (archive(ENTRY, ENTRY)[:-60], r"cut short behind entry 1"),
        (archive({"request": 1, "response": 2}), r"entry 1: it is no exchange"),
        (archive({**ENTRY, "response": {"status": "x"}}), r"entry 1: it is no exchange"),
        (archive([]), r"entry 1: it is no exchange"),
        ('{"log":{"entries":[' + "[" * 50_000, r"entry 1 cannot be read: it is nested more than 100 deep"),
    ],
)
def test_what_is_no_archive_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "a.har").write_text(text)
    with pytest.raises(ArchiveError, match=complaint):
        list(exchanges_of(tmp_path / "a.har"))


@pytest.mark.slow
@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_damaged_archive_is_read_or_told_of(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = bytearray(archive(ENTRY, ENTRY).encode())
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.mktemp("damaged") / "a.har"
    file.write_bytes(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    with suppress(ArchiveError):
        assert list(exchanges_of(file))


@pytest.mark.slow
def test_an_entry_without_an_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ENTRY", 1 << 20)
    file = tmp_path / "a.har"
    with file.open("wb") as stream:
        stream.write(b'{"log":{"entries":[{"request":"')
        for _ in range(64):
            stream.write(b"x" * (1 << 20))
    tracemalloc.start()
    with pytest.raises(ArchiveError, match=r"entry 1 has more than 1 MiB"):
        list(exchanges_of(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


MEGABYTES = int(os.environ.get("MOCK_SMA_TEST_HAR_MB", "4"))
"""Size of the large archive; 500 by hand."""


@pytest.mark.slow
def test_a_large_archive_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    big = json.loads(json.dumps(ENTRY))
    big["response"]["content"]["text"] = "y" * 500_000
    file = tmp_path / "a.har"
    with file.open("w") as stream:
        stream.write('{"log":{"entries":[' + json.dumps(big))
        for _ in range(2 * MEGABYTES - 1):
            stream.write("," + json.dumps(big))
        stream.write("]}}")
    tracemalloc.start()
    assert sum(1 for _ in exchanges_of(file)) == 2 * MEGABYTES
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


def test_a_url_that_is_none_has_no_parts_and_a_number_without_end_is_no_whole_one() -> None:
    exchange = ArchivedExchange(method="GET", url="https://[::1", status=200)
    assert (exchange.host, exchange.path, exchange.query) == ("", "/", "")
    assert plain(Number("9" * 100_000)) == float("inf")
