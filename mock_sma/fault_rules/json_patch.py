"""JSON Patch (RFC 6902) that also reaches every row of a list.

In a pointer (RFC 6901) the token ``*`` stands for every element of a list and every member of an object, which the
RFC has no word for: ``/set/*/pvGeneration`` is that member of each row, however many there are. Where ``from`` has
a ``*`` as well, both stand for the same one.

>>> rows = {"set": [{"a": 1}, {"a": 2}]}
>>> patched(rows, (PatchOperation(op="replace", path="/set/*/a", value=None),))
{'set': [{'a': None}, {'a': None}]}
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.json_patch import PatchOperation

EACH = "*"

MAX_STEPS = 100_000
"""What one operation may become with all its ``*`` put in place."""

Tokens = tuple[str, ...]


class PatchError(ValueError):
    """A patch that the value does not allow: nothing stands where it points to, or a test fails."""


def is_pointer(text: str) -> bool:
    """Tell whether a text is a JSON Pointer (RFC 6901): empty, or ``/`` before each token."""
    return not text or (text.startswith("/") and all(part[:1] in ("0", "1") for part in text.split("~")[1:]))


def patched(document: Any, operations: Iterable[PatchOperation]) -> Any:
    """Return a value with operations applied one after the other; the value itself stays as it is.

    Raises:
        PatchError: one of them cannot be applied.
    """
    holder = {"": deepcopy(document)}
    for operation in operations:
        for source, path in _steps(holder, operation):
            _apply(holder, operation, source, path)
    return holder[""]


def _steps(holder: dict[str, Any], operation: PatchOperation) -> list[tuple[Tokens, Tokens]]:
    """Return where an operation takes from and puts to, once for each that its ``*`` stands for."""
    path = ("", *_tokens(operation.path))
    source = ("", *_tokens(operation.source)) if operation.source is not None else ()
    leading = source if EACH in source else path
    found = list(_expanded(holder, leading, ()))
    if EACH in leading and not found:
        raise PatchError(f"{_pointer(leading)!r} stands for nothing")
    if len(found) > MAX_STEPS:
        raise PatchError(f"{operation.path!r} stands for more than {MAX_STEPS} values")
    steps = [(_filled(source, stars), _filled(path, stars)) for stars in found]
    # What is taken from or put into a list moves the rest of it: the last one first.
    return steps[::-1] if EACH in path else steps


def _tokens(pointer: str) -> Tokens:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _expanded(value: Any, tokens: Tokens, stars: Tokens) -> Iterator[Tokens]:
    """Yield what each ``*`` of a pointer stands for, in order."""
    if EACH not in tokens:
        yield stars
        return
    token, rest = tokens[0], tokens[1:]
    if token != EACH:
        if _has(value, token):
            yield from _expanded(_child(value, token), rest, stars)
        return
    names = map(str, range(len(value))) if isinstance(value, list) else value if isinstance(value, dict) else ()
    for name in list(names):
        yield from _expanded(_child(value, name), rest, (*stars, name))


def _filled(tokens: Tokens, stars: Tokens) -> Tokens:
    left = iter(stars)
    return tuple(next(left, EACH) if token == EACH else token for token in tokens)


def _apply(holder: dict[str, Any], operation: PatchOperation, source: Tokens, path: Tokens) -> None:
    op = operation.op
    if op == "test":
        if _find(holder, path) != operation.value:
            raise PatchError(f"the value at {operation.path!r} is another one")
    elif op == "remove":
        _take(holder, path)
    elif op == "replace":
        _find(holder, path)
        _put(holder, path, deepcopy(operation.value), over=True)
    elif op == "add":
        _put(holder, path, deepcopy(operation.value))
    elif op == "copy":
        _put(holder, path, deepcopy(_find(holder, source)))
    else:
        if path[: len(source)] == source and path != source:
            raise PatchError(f"{operation.source!r} cannot be moved into itself")
        _put(holder, path, _take(holder, source))


def _find(value: Any, tokens: Tokens) -> Any:
    for index, token in enumerate(tokens):
        if not _has(value, token):
            raise PatchError(f"nothing stands at {_pointer(tokens[: index + 1])!r}")
        value = _child(value, token)
    return value


def _take(value: Any, tokens: Tokens) -> Any:
    taken = _find(value, tokens)
    if len(tokens) == 1:
        raise PatchError("the whole document cannot be removed; replace it")
    parent, last = _find(value, tokens[:-1]), tokens[-1]
    del parent[int(last) if isinstance(parent, list) else last]
    return taken


def _put(value: Any, tokens: Tokens, new: Any, *, over: bool = False) -> None:
    parent, last = _find(value, tokens[:-1]), tokens[-1]
    if isinstance(parent, dict):
        parent[last] = new
    elif not isinstance(parent, list):
        raise PatchError(f"nothing can stand at {_pointer(tokens)!r}")
    elif over:
        parent[int(last)] = new
    elif last == "-":
        parent.append(new)
    elif _is_index(last) and int(last) <= len(parent):
        parent.insert(int(last), new)
    else:
        raise PatchError(f"the list has no place {_pointer(tokens)!r}")


def _has(value: Any, token: str) -> bool:
    if isinstance(value, dict):
        return token in value
    return isinstance(value, list) and _is_index(token) and int(token) < len(value)


def _child(value: Any, token: str) -> Any:
    return value[int(token)] if isinstance(value, list) else value[token]


def _is_index(token: str) -> bool:
    """Tell whether a token is an index: no sign, no leading zero (RFC 6901, section 4)."""
    return token.isdecimal() and token.isascii() and len(token) < 10 and (token == "0" or token[0] != "0")  # noqa: S105


def _pointer(tokens: Tokens) -> str:
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens[1:])
