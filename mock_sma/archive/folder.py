"""Answers that lie in a folder, each in a file of its own."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import TYPE_CHECKING

import orjson

from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADDRESS = re.compile(r"https?://\S+")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
"""A text of JSON, or a bracket."""


def exchanges_of_folder(path: Path, most: int) -> Iterator[ArchivedExchange]:
    """Yield the answers of a folder; see :func:`mock_sma.archive.reading.exchanges_of`.

    Args:
        most: largest size of a file [bytes].

    Raises:
        ArchiveError: there is none, or a file is none.
        OSError: one cannot be read.
    """
    files = sorted(path.glob("*.json"))
    if not files:
        raise ArchiveError(f"{path.name}: the folder has no .json file")
    for file in files:
        if file.stat().st_size > most:
            raise ArchiveError(f"{file.name}: it has more than {most >> 20} MiB; leave it out")
        data = file.read_bytes()
        beside = file.with_suffix(".url")
        if beside.is_file():
            yield ArchivedExchange(method="GET", url=_address(beside), status=200, body=data, place=file.name)
        else:
            yield _told(file, data)


def _address(file: Path) -> str:
    """Return the address in a file, be it a shortcut of Windows."""
    try:
        found = _ADDRESS.search(_text(file.read_bytes()))
    except ValueError:
        found = None
    if found is None:
        raise ArchiveError(f"{file.name}: there is no address in it that begins with https:// or http://")
    return found[0]


def _text(data: bytes) -> str:
    """Return a text of UTF-8 or, as PowerShell writes it, of UTF-16."""
    return data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")


def _told(file: Path, data: bytes) -> ArchivedExchange:
    try:
        text = _text(data)
        value = orjson.loads(text)
        url, body = str(value["url"]), value.get("body")
        headers = value.get("headers") or {}
        return ArchivedExchange(
            method=str(value.get("method", "GET")).upper(),
            url=url,
            status=int(value.get("status", 200)),
            headers=tuple((str(name), str(item)) for name, item in headers.items()),
            body=str(body).encode() if isinstance(body, str) else _within(text, "body"),
            has_body=body is not None,
            place=file.name,
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        how = f'{{"url": …, "body": …}}, or a body with {file.stem}.url beside it'
        raise ArchiveError(f"{file.name}: it is not {how}") from None


def _within(text: str, name: str) -> bytes:
    """Return a member as it is spelt: another spelling would have other numbers."""
    depth = 0
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece in "{[":
            depth += 1
        elif piece in "}]":
            depth -= 1
        elif depth == 1 and orjson.loads(piece) == name:
            rest = text[match.end() :].lstrip()
            if rest.startswith(":"):
                value = rest[1:].lstrip()
                end = json.JSONDecoder().raw_decode(value)[1]
                return value[:end].encode()
    return b""
