"""Saved answers of a Postman collection, as exchanges.

Source: Postman Collection Format 2.1.0, https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAX_DEPTH = 50
"""Folders within folders."""

_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")


def collection_of(path: Path) -> dict[str, Any] | None:
    """Return the Postman collection that a file holds; None: it is none."""
    try:
        value = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) and "info" in value and isinstance(value.get("item"), list) else None


def exchanges_of_collection(collection: Mapping[str, Any], name: str) -> Iterator[ArchivedExchange]:
    """Yield the answers that are saved with a collection's requests; variables in addresses have its own values.

    Raises:
        ArchiveError: there is none, or something is no part of a collection.
    """
    count = 0
    try:
        variables = {str(item["key"]): str(item.get("value", "")) for item in collection.get("variable") or ()}
        for request, answer in _saved(collection["item"], MAX_DEPTH):
            count += 1
            yield _exchange(request, answer, variables, f"{name}, saved answer {count}")
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):  # what they say may be a secret
        raise ArchiveError(f"{name}: saved answer {max(count, 1)} is none as a Postman collection has it") from None
    if not count:
        raise ArchiveError(
            f"{name}: the collection has questions but no saved answers; send them through mock-sma record, or save "
            "their answers as examples"
        )


def _saved(items: list[Any], depth: int) -> Iterator[tuple[Any, Any]]:
    """Yield requests with their saved answers, of all folders."""
    for item in items if depth else ():
        yield from _saved(item.get("item") or [], depth - 1)
        for answer in item.get("response") or ():
            yield answer.get("originalRequest") or item.get("request"), answer


def _exchange(request: Any, answer: Any, variables: Mapping[str, str], place: str) -> ArchivedExchange:
    if isinstance(request, str):
        request = {"url": request}
    url = request["url"] if isinstance(request["url"], str) else request["url"]["raw"]
    return ArchivedExchange(
        method=str(request.get("method") or "GET").upper(),
        url=_VARIABLE.sub(lambda found: variables.get(found[1].strip(), found[0]), url),
        status=int(answer.get("code") or 0),
        headers=_pairs(answer.get("header")),
        body=str(answer.get("body") or "").encode("utf-8", "surrogatepass"),
        place=place,
    )


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(headers, str):  # the format allows lines of HTTP too
        lines = (line.partition(":") for line in headers.splitlines())
        return tuple((key.strip(), value.strip()) for key, _, value in lines)
    return tuple((str(item["key"]), str(item.get("value") or "")) for item in headers or ())
