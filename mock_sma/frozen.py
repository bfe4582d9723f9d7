"""Frozen records: dataclasses as ``@dataclass(frozen=True, slots=True)`` makes them, at a tenth of the cost.

``dataclass`` writes six functions for a class and compiles each when the module is loaded. For the eighty classes of a
server, most of which no request needs, that took a quarter of its start. Here five of them are the same function for
all classes, and ``__init__`` is compiled when it is first asked for.
"""

from __future__ import annotations

import sys
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


@overload
def frozen(cls: type[T], /) -> type[T]: ...


@overload
def frozen(*, kw_only: bool = False, eq: bool = True) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(
    cls: type[T] | None = None, /, *, kw_only: bool = False, eq: bool = True
) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a class a dataclass with slots whose objects never change, and that no dataclass inherits from.

    Args:
        kw_only: all fields are given by name.
        eq: objects with equal fields are equal and have one hash; otherwise only the same one is.
    """

    def made(cls: type[T]) -> type[T]:
        return _complete(dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls), eq=eq)

    return made if cls is None else made(cls)


def _complete(cls: type[T], *, eq: bool) -> type[T]:
    own: dict[str, Any] = dict(vars(cls))
    own["__dataclass_params__"].frozen = True
    methods: dict[str, Any] = dict(_SHARED)
    methods["__repr__"] = _repr_of([item.name for item in fields(cls) if item.repr])  # type: ignore[arg-type]
    if eq:
        methods |= _comparing(_key_of([item.name for item in fields(cls) if item.compare]))  # type: ignore[arg-type]
    for name, method in methods.items():
        if own.get(name) is None:  # a class with __eq__ has None for __hash__
            setattr(cls, name, method)
    setattr(cls, "__init__", _Init(cls))  # noqa: B010 - no method, as mypy would have it
    return cls


class _Init:
    """The ``__init__`` of a class until it is asked for."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: type) -> Any:
        made = _init_of(self._cls)
        setattr(self._cls, "__init__", made)  # noqa: B010 - as above
        return made.__get__(instance, owner)


def _init_of(cls: type) -> Any:
    own = fields(cls)
    given = [item for item in own if item.init]
    names: dict[str, Any] = {"MISSING": MISSING, "set_": object.__setattr__}
    names |= {f"default_{item.name}": item.default for item in own if item.default is not MISSING}
    names |= {f"make_{item.name}": item.default_factory for item in own if item.default_factory is not MISSING}
    by_name = [_parameter(item) for item in given if item.kw_only]
    head = ["self", *(_parameter(item) for item in given if not item.kw_only), *(["*", *by_name] if by_name else [])]
    lines = [f"set_(self, {item.name!r}, {value})" for item in own if (value := _value(item))]
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n  ".join(lines or ["pass"])
    text = f"def made({', '.join(names)}):\n def __init__({', '.join(head)}):\n  {body}\n return __init__"
    here: dict[str, Any] = {}
    exec(text, vars(sys.modules[cls.__module__]), here)  # noqa: S102 - as dataclass does
    made = here["made"](**names)
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {item.name: item.type for item in given} | {"return": None}
    return made


def _parameter(item: Field[Any]) -> str:
    if item.default is not MISSING:
        return f"{item.name}=default_{item.name}"
    return item.name if item.default_factory is MISSING else f"{item.name}=MISSING"


def _value(item: Field[Any]) -> str | None:
    """Return what a field is set to, as code; None: ``__post_init__`` sets it."""
    if item.default_factory is not MISSING:
        return f"make_{item.name}() if {item.name} is MISSING else {item.name}" if item.init else f"make_{item.name}()"
    if item.init:
        return item.name
    return None if item.default is MISSING else f"default_{item.name}"


def _repr_of(names: list[str]) -> Callable[[object], str]:
    def __repr__(self: object) -> str:  # noqa: N807 - it becomes one
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _key_of(names: list[str]) -> Callable[[Any], tuple[object, ...]]:
    """Return what tells objects apart, as a tuple for whatever number of fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _comparing(key: Callable[[Any], tuple[object, ...]]) -> dict[str, Any]:
    def __eq__(self: object, other: object) -> bool:  # noqa: N807 - it becomes one
        return key(self) == key(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807 - as above
        return hash(key(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _set(self: object, name: str, value: object) -> None:  # noqa: ARG001 - as Python calls it
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: object, name: str) -> None:  # noqa: ARG001 - as above
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, item.name) for item in fields(self)]


def _set_state(self: Any, state: Iterable[object]) -> None:
    """Set the fields; those that came after a state was written are left as they are."""
    for item, value in zip(fields(self), state, strict=False):
        object.__setattr__(self, item.name, value)


_SHARED = {"__setattr__": _set, "__delattr__": _delete, "__getstate__": _state, "__setstate__": _set_state}
"""Methods that are the same for all classes; the last two write states as ``dataclass`` writes them."""
