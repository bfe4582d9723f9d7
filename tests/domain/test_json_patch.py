"""JSON values changed by patches, with the examples of RFC 6902 (appendix A) and RFC 7396 (appendix A)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.domain.json_patch import PatchOperation, merged
from mock_sma.fault_rules.json_patch import PatchError, is_pointer, patched

ROWS = {"set": [{"time": "t1", "a": 1.0}, {"time": "t2", "a": 2.0}, {"time": "t3", "a": None}]}


def apply(document: Any, *operations: dict[str, Any]) -> Any:
    made = (
        PatchOperation(op=item["op"], path=item["path"], source=item.get("from"), value=item.get("value"))
        for item in operations
    )
    return patched(document, made)


@pytest.mark.parametrize(
    ("document", "operation", "expected"),
    [
        ({"foo": "bar"}, {"op": "add", "path": "/baz", "value": "qux"}, {"baz": "qux", "foo": "bar"}),
        ({"foo": ["bar", "baz"]}, {"op": "add", "path": "/foo/1", "value": "qux"}, {"foo": ["bar", "qux", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, {"op": "remove", "path": "/baz"}, {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, {"op": "remove", "path": "/foo/1"}, {"foo": ["bar", "baz"]}),
        ({"baz": "qux"}, {"op": "replace", "path": "/baz", "value": "boo"}, {"baz": "boo"}),
        (
            {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
            {"op": "move", "from": "/foo/waldo", "path": "/qux/thud"},
            {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
        ),
        (
            {"foo": ["all", "grass", "cows", "eat"]},
            {"op": "move", "from": "/foo/1", "path": "/foo/3"},
            {"foo": ["all", "cows", "eat", "grass"]},
        ),
        (
            {"baz": "qux", "foo": ["a", 2]},
            {"op": "test", "path": "/foo/1", "value": 2},
            {"baz": "qux", "foo": ["a", 2]},
        ),
        ({"foo": "bar"}, {"op": "add", "path": "/child", "value": {"g": {}}}, {"foo": "bar", "child": {"g": {}}}),
        ({"/": 9, "~1": 10}, {"op": "test", "path": "/~01", "value": 10}, {"/": 9, "~1": 10}),
        ({"foo": ["bar"]}, {"op": "add", "path": "/foo/-", "value": ["abc"]}, {"foo": ["bar", ["abc"]]}),
        ({"a": 1}, {"op": "replace", "path": "", "value": [1]}, [1]),
        ({"a": [1]}, {"op": "copy", "from": "/a", "path": "/b"}, {"a": [1], "b": [1]}),
    ],
)
def test_rfc_6902_examples(document: Any, operation: dict[str, Any], expected: Any) -> None:
    before = repr(document)
    assert apply(document, operation) == expected
    assert repr(document) == before


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "/baz/bat", "value": 1},
        {"op": "remove", "path": "/none"},
        {"op": "remove", "path": ""},
        {"op": "replace", "path": "/none", "value": 1},
        {"op": "replace", "path": "/list/01", "value": 1},
        {"op": "add", "path": "/list/9", "value": 1},
        {"op": "add", "path": "/foo/0", "value": 1},
        {"op": "test", "path": "/foo", "value": "other"},
        {"op": "move", "from": "/map", "path": "/map/inside"},
        {"op": "copy", "from": "/none", "path": "/foo"},
        {"op": "remove", "path": "/list/*/none"},
        {"op": "remove", "path": "/foo/*"},
    ],
)
def test_what_the_value_does_not_allow_is_an_error(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchError):
        apply({"foo": "bar", "list": [1], "map": {}}, operation)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "replace", "path": "/set/*/a", "value": None}, [("t1", None), ("t2", None), ("t3", None)]),
        ({"op": "remove", "path": "/set/*"}, []),
        ({"op": "copy", "from": "/set/*", "path": "/set/-"}, [("t1", 1.0), ("t2", 2.0), ("t3", None)] * 2),
        (
            {"op": "copy", "from": "/set/*", "path": "/set/*"},
            [pair for pair in (("t1", 1.0), ("t2", 2.0), ("t3", None)) for _ in range(2)],
        ),
        ({"op": "copy", "from": "/set/*/time", "path": "/set/*/a"}, [("t1", "t1"), ("t2", "t2"), ("t3", "t3")]),
        ({"op": "add", "path": "/set/*/a", "value": "x"}, [("t1", "x"), ("t2", "x"), ("t3", "x")]),
    ],
)
def test_a_star_reaches_every_row(operation: dict[str, Any], expected: list[tuple[str, Any]]) -> None:
    assert [(row["time"], row["a"]) for row in apply(ROWS, operation)["set"]] == expected


def test_a_star_reaches_every_member() -> None:
    assert apply({"a": {"x": 1, "y": 2}}, {"op": "replace", "path": "/a/*", "value": 0}) == {"a": {"x": 0, "y": 0}}


@pytest.mark.parametrize(
    ("text", "is_one"), [("", True), ("/a~0b", True), ("a", False), ("/a~2", False), ("/~", False)]
)
def test_pointers_are_known(text: str, is_one: bool) -> None:
    assert is_pointer(text) is is_one


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_rfc_7396_examples(target: Any, patch: Any, expected: Any) -> None:
    assert merged(target, patch) == expected


VALUES = st.none() | st.integers(0, 9) | st.lists(st.integers(0, 9), max_size=3)


@pytest.mark.slow
@given(st.lists(VALUES, min_size=1, max_size=5), st.data())
def test_what_is_added_and_removed_again_leaves_nothing(items: list[Any], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(items)))
    path = f"/{place}"
    assert apply(items, {"op": "add", "path": path, "value": 1}, {"op": "remove", "path": path}) == items
