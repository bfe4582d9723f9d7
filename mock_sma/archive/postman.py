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

_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
_IN_PATH = re.compile(r"(?<=/):([^/?#]+)")
"""A variable that is a segment of a path."""

_END: Any = object()

WITHIN = 5
"""How often a variable's value may name another one."""


def collection_of(path: Path) -> dict[str, Any] | None:
    """Return the Postman collection that a file holds; None: it is none."""
    try:
        value = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) and "info" in value and isinstance(value.get("item"), list) else None


def exchanges_of_collection(collection: Mapping[str, Any], name: str) -> Iterator[ArchivedExchange]:
    """Yield the answers that are saved with a collection's requests; variables have the values that it tells.

    Raises:
        ArchiveError: there is none, or something is no part of a collection.
    """
    count = 0
    try:
        variables = _values(collection.get("variable"))
        for request, answer, auth in _saved(collection):
            count += 1
            yield _exchange(request, answer, auth, variables, f"{name}, saved answer {count}")
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):  # what they say may be a secret
        raise ArchiveError(f"{name}: saved answer {max(count, 1)} is none as a Postman collection has it") from None
    if not count:
        raise ArchiveError(
            f"{name}: the collection has questions but no saved answers; send them through mock-sma record, or save "
            "their answers as examples"
        )


def _saved(collection: Mapping[str, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield requests with their saved answers, of all folders, and how they are authorised: as their folder is."""
    open_folders = [(iter(collection["item"]), collection.get("auth"))]
    while open_folders:
        items, inherited = open_folders[-1]
        if (item := next(items, _END)) is _END:
            open_folders.pop()
            continue
        auth = item.get("auth") or inherited
        for answer in item.get("response") or ():
            yield answer.get("originalRequest") or item.get("request"), answer, auth
        open_folders.append((iter(item.get("item") or ()), auth))


def _values(variables: Any) -> dict[str, str]:
    """Return the values of variables by name; one without a value is not known."""
    return {
        str(item.get("key", item.get("id"))): str(item["value"])
        for item in variables or ()
        if item.get("value") not in (None, "") and not item.get("disabled")
    }


def _filled(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with the values of the variables in it that are known."""
    for _ in range(WITHIN):
        text = _VARIABLE.sub(lambda found: variables.get(found[1].strip(), found[0]), text)
    return text


def _exchange(request: Any, answer: Any, inherited: Any, variables: Mapping[str, str], place: str) -> ArchivedExchange:
    if isinstance(request, str):
        request = {"url": request}
    body = answer.get("body")
    headers = tuple((name, _filled(value, variables)) for name, value in _pairs(request.get("header")))
    token = _filled(_token(request.get("auth") or inherited or {}), variables)
    return ArchivedExchange(
        method=str(request.get("method") or "GET").upper(),
        url=_url(request["url"], variables),
        status=int(answer.get("code") or 0),
        request_headers=(*headers, ("authorization", f"Bearer {token}")) if token else headers,
        headers=_pairs(answer.get("header")),
        body=str(body or "").encode("utf-8", "surrogatepass"),
        has_body=body is not None,
        place=place,
    )


def _url(url: Any, variables: Mapping[str, str]) -> str:
    """Return an address with the variables of the collection, and with its own in the path."""
    if isinstance(url, str):
        return _filled(url, variables)
    raw, _, query = _filled(url["raw"], variables).partition("?")
    own = {name: _filled(value, variables) for name, value in _values(url.get("variable")).items()}
    path = _IN_PATH.sub(lambda found: own.get(found[1], found[0]), raw)
    return f"{path}?{query}" if query else path


def _token(auth: Mapping[str, Any]) -> str:
    """Return the bearer token of a request's authorisation; empty: it has none."""
    told = auth.get("bearer") if auth.get("type") == "bearer" else None
    if isinstance(told, list):  # so since 2.1
        told = _values(told)
    return str((told or {}).get("token") or "")


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(headers, str):  # the format allows lines of HTTP too
        lines = (line.partition(":") for line in headers.splitlines())
        return tuple((key.strip(), value.strip()) for key, _, value in lines)
    used = (item for item in headers or () if not item.get("disabled"))
    return tuple((str(item["key"]), str(item.get("value") or "")) for item in used)
