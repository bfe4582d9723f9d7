"""Frozen records behave as the dataclasses that they stand for."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable


class _Body:
    """Fields of every kind."""

    first: int
    second: str = "x"
    many: tuple[int, ...] = field(default_factory=tuple, kw_only=True)
    hidden: object = field(default=None, compare=False, repr=False)
    counted: int = field(init=False, compare=False)
    fixed: int = field(default=7, init=False)
    made: list[int] = field(default_factory=list, init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counted", len(self.many))


def _made(decorate: Callable[[type], type], name: str) -> Any:
    """Return the class that a decorator makes of the body, at a name where pickle finds it."""
    made = decorate(
        type(name, (), {key: value for key, value in vars(_Body).items() if key[:5] not in {"__dic", "__wea"}})
    )
    globals()[name] = made
    return made


Own = _made(frozen, "Own")
Std = _made(dataclass(frozen=True, slots=True), "Std")


@frozen(kw_only=True)
class Pair:
    """All by name."""

    left: int
    right: int = 0


@frozen(eq=False)
class Handle:
    """Equal is the same one."""

    number: int


@frozen
class Word:
    """Equal whatever the case."""

    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Word) and self.text.lower() == other.text.lower()

    def __hash__(self) -> int:
        return hash(self.text.lower())

    def __repr__(self) -> str:
        return self.text


@frozen
class Nothing:
    """No field at all."""


def test_the_fields_and_the_signature_are_those_of_a_dataclass() -> None:
    assert [item.name for item in fields(Own)] == [item.name for item in fields(Std)]
    assert Own.__slots__ == Std.__slots__
    assert Own.__match_args__ == Std.__match_args__
    assert str(inspect.signature(Own)).replace("MISSING", "<factory>").count("=") == 3
    assert list(inspect.signature(Own).parameters) == list(inspect.signature(Std).parameters)
    assert get_type_hints(Pair.__init__) == {"left": int, "right": int, "return": type(None)}


@pytest.mark.parametrize(("given", "named"), [((1,), {}), ((1, "y"), {"many": (1, 2)}), ((1, "y", object), {})])
def test_objects_hold_the_same_and_look_the_same(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    own, usual = Own(*given, **named), Std(*given, **named)
    assert asdict(own) == asdict(usual)
    assert repr(own) == repr(usual).replace("Std", "Own")
    assert hash(own) == hash(usual)
    assert own.made is not Own(*given, **named).made


def test_equal_fields_make_equal_objects_of_one_class() -> None:
    assert Own(1, hidden=1) == Own(1, hidden=2)
    assert Own(1) != Own(1, "y")
    assert Own(1) != Std(1)
    assert Nothing() == Nothing()
    assert Handle(1) != Handle(1)
    assert (Word("a") == Word("A"), hash(Word("a")), repr(Word("b"))) == (True, hash(Word("A")), "b")


def test_an_object_does_not_change() -> None:
    pair = Pair(left=1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'left'"):
        pair.left = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'left'"):
        del pair.left
    assert replace(pair, right=3) == Pair(left=1, right=3)
    assert copy.deepcopy(pair) == pair


def test_a_wrong_call_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Pair\.__init__\(\) .*positional"):
        Pair(1)  # type: ignore[call-arg, misc]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'first'"):
        Own()


def test_pickles_are_those_of_a_dataclass() -> None:
    own, usual = Own(1, "y", many=(1,)), Std(1, "y", many=(1,))
    assert pickle.loads(pickle.dumps(own)) == own  # noqa: S301 - just written
    assert pickle.loads(pickle.dumps(usual).replace(b"Std", b"Own")) == own  # noqa: S301 - as above


def test_a_state_of_before_a_field_was_added_leaves_it_out() -> None:
    old = object.__new__(Pair)
    old.__setstate__([1])  # type: ignore[attr-defined]
    assert old.left == 1
    assert not hasattr(old, "right")


def test_the_function_that_makes_objects_is_compiled_for_the_first_one() -> None:
    late = frozen(type("Late", (), {"__annotations__": {"number": "int"}, "__module__": __name__}))
    assert not inspect.isfunction(vars(late)["__init__"])
    assert late(3).number == 3
    assert inspect.isfunction(vars(late)["__init__"])


def test_no_dataclass_inherits_from_a_frozen_record() -> None:
    with pytest.raises(TypeError, match="cannot inherit"):
        frozen(type("Further", (Pair,), {"__annotations__": {"more": "int"}, "__module__": __name__}))
