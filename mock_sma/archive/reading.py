"""Reads archives of any size entry by entry, in bounded memory.

ijson parses, as bytes come. What it cannot know is bounded here: an entry that never ends would fill the memory.
"""

from __future__ import annotations

import zlib
from base64 import b64decode
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import ijson

from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.archive.folder import exchanges_of_folder
from mock_sma.archive.postman import collection_of, exchanges_of_collection
from mock_sma.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 64 * 1024
MAX_ENTRY = 48 * 1024 * 1024
"""Largest entry [bytes]; an answer of a year of logs has some megabytes."""

MAX_DEPTH = 100
"""Deepest nesting; an entry of HAR 1.2 has eight levels."""

DEEP = f"it is nested more than {MAX_DEPTH} deep"

GZIP = b"\x1f\x8b"
"""Beginning of compressed data (RFC 1952)."""

SIGNS = {
    GZIP: "compressed; unpack it with gunzip",
    b"PK\x03\x04": "a ZIP file; unpack it",
    BOM_UTF16_LE: "in UTF-16; save it in UTF-8",
    BOM_UTF16_BE: "in UTF-16; save it in UTF-8",
}
"""Beginnings of files that are no JSON in UTF-8, and what they are."""


def exchanges_of(path: Path) -> Iterator[ArchivedExchange]:
    """Yield what an archive, a Postman collection with saved answers, or a folder of answers holds.

    A folder has a JSON file for each answer: ``{"url": …, "method"?, "status"?, "headers"?, "body": …}``, or the body
    alone, with its URL in a text file of the same name and the suffix ``.url``.

    Raises:
        ArchiveError: it is none, is cut short, or has an entry that is too large.
        OSError: it cannot be read.
    """
    if path.is_dir():
        yield from exchanges_of_folder(path, MAX_ENTRY)
        return
    count = 0
    for count, entry in enumerate(_entries(path), 1):
        yield _exchange(entry, f"{path.name}, entry {count}")
    if count:
        return
    collection = collection_of(path) if path.stat().st_size <= MAX_ENTRY else None
    if collection is None:
        raise ArchiveError(f"{path.name}: there is no entry; an archive (HAR) has them at log.entries")
    yield from exchanges_of_collection(collection, path.name)


def _entries(path: Path) -> Iterator[Any]:
    events: Any = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, use_float=True)
    entries = EntryBuilder()
    number = read = 0
    try:
        with path.open("rb") as stream:
            chunk = stream.read(CHUNK)
            for sign, what in SIGNS.items():
                if chunk.startswith(sign):
                    raise ArchiveError(f"{path.name}: it is {what}")
            chunk = chunk.removeprefix(BOM_UTF8)
            while chunk:
                parser.send(chunk)
                for entry in entries.made(events):
                    yield entry
                    number, read = number + 1, 0
                read += len(chunk)
                if read > MAX_ENTRY:
                    raise ArchiveError(
                        f"{path.name}: entry {number + 1} has more than {MAX_ENTRY >> 20} MiB; leave it out"
                    )
                chunk = stream.read(CHUNK)
        parser.close()
    except ijson.JSONError as error:
        with suppress(ValueError):
            for entry in entries.made(events):
                yield entry
                number += 1
        # All else that the parser says may quote the archive.
        what = "it is cut short" if "EOF" in str(error)[:40] or "ncomplete" in str(error)[:10] else "it is no JSON"
        raise ArchiveError(f"{path.name}: {what} behind entry {number}; save the archive again") from None
    except (ValueError, OverflowError) as error:
        what = DEEP if str(error) == DEEP else "a text or a number is none"
        raise ArchiveError(f"{path.name}: entry {number + 1} cannot be read: {what}") from None
    yield from entries.made(events)


class EntryBuilder:
    """Makes the entries of an archive of the events of its JSON; all else passes by."""

    def __init__(self) -> None:
        self._depth = 0
        self._keys = ["", "", "", ""]
        self._builder: Any = None

    def made(self, events: list[tuple[str, Any]]) -> Iterator[Any]:
        """Yield the entries that are complete, and take the events away.

        Raises:
            ValueError: something is nested too deep.
        """
        for event, value in events:
            if event.startswith("end"):
                self._depth -= 1
            elif event == "map_key" and self._depth <= 2:
                self._keys[self._depth] = value
            if self._builder is None and self._is_entry(event):
                self._builder = ijson.ObjectBuilder()
            if self._builder is not None:
                self._builder.event(event, value)
            if event.startswith("start"):
                self._depth += 1
                if self._depth > MAX_DEPTH:
                    raise ValueError(DEEP)
                if self._depth == 3:
                    self._keys[3] = event
            elif self._builder is not None and self._depth == 3:
                yield self._builder.value
                self._builder = None
        del events[:]

    def _is_entry(self, event: str) -> bool:
        """Tell whether an event begins an item of the list at ``log.entries``."""
        begins = event not in ("end_map", "end_array", "map_key")
        return begins and self._depth == 3 and self._keys == ["", "log", "entries", "start_array"]


def _exchange(entry: Any, place: str) -> ArchivedExchange:
    try:
        request, response = entry["request"], entry.get("response") or {}  # none came: some leave it out
        content = response.get("content") or {}
        post = request.get("postData") or {}
        return ArchivedExchange(
            method=str(request["method"]).upper(),
            url=str(request["url"]),
            status=int(response.get("status") or 0),
            started=str(entry.get("startedDateTime", "")),
            request_headers=_pairs(request.get("headers")),
            request_body=str(post.get("text") or ""),
            headers=_pairs(response.get("headers")),
            body=_body(content),
            has_body="text" in content or content.get("size") == 0,
            place=place,
        )
    except KeyError as error:  # the name is one of those above
        raise ArchiveError(f"{place}: it is no exchange as HAR 1.2 has it: there is no {error}") from None
    except (AttributeError, TypeError, ValueError, OverflowError):  # what they say of a value may be a secret
        raise ArchiveError(f"{place}: it is no exchange as HAR 1.2 has it: a value is of another kind") from None


def _body(content: Any) -> bytes:
    text = content.get("text") or ""
    if content.get("encoding") != "base64":
        return str(text).encode("utf-8", "surrogatepass")
    body = b64decode(text, validate=False)
    return _unpacked(body) if body.startswith(GZIP) else body


def _unpacked(body: bytes) -> bytes:
    """Return a body that some programs keep as it went over the line."""
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        unpacked = unpacking.decompress(body, MAX_ENTRY)
    except zlib.error:
        raise ValueError("not compressed") from None
    if unpacking.unconsumed_tail:
        raise ValueError("too large")
    return unpacked


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(item["name"]), str(item.get("value", ""))) for item in value or ())
