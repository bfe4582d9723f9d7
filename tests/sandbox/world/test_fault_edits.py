"""The real answer, changed by a fault rule: headers, members, rows."""

from __future__ import annotations

from typing import Any

import pytest

from mock_sma.domain.actions import ChangeQuota
from mock_sma.domain.quota import Quota
from mock_sma.errors import ScenarioError
from tests.sandbox.asking import PLANTS, Asker, faulty
from tests.sandbox_helpers import content

DAY = f"{PLANTS}/10000/measurements/sets/EnergyBalance/Day?Date=2025-06-14"


def edited(edit: dict[str, Any], path: str = DAY) -> tuple[Any, Any, Asker]:
    """Return what a client gets without and with an edit."""
    asker = faulty()
    path = path.replace("10000", asker.world.scenario.plants[0].id)
    before = asker.get(path)
    asker.world.faults.add({"effect": {"edit": edit}})
    after = asker.get(path)
    assert after.status == before.status == 200
    assert after.header(b"content-length") == b"%d" % len(after.body)
    return content(before), content(after), asker


@pytest.mark.slow
def test_a_member_of_each_row_becomes_null_is_missing_or_of_another_type() -> None:
    for operation, expected in (
        ({"op": "replace", "path": "/set/*/pvGeneration", "value": None}, None),
        ({"op": "remove", "path": "/set/*/pvGeneration"}, "missing"),
        ({"op": "replace", "path": "/set/*/pvGeneration", "value": "12.5"}, "12.5"),
    ):
        before, after, _ = edited({"patch": [operation]})
        assert [row.get("pvGeneration", "missing") for row in after["set"]] == [expected] * len(before["set"])
        rest = [{name: value for name, value in row.items() if name != "pvGeneration"} for row in before["set"]]
        assert [{name: row[name] for name in row if name != "pvGeneration"} for row in after["set"]] == rest


@pytest.mark.slow
def test_rows_are_doubled_dropped_and_put_out_of_order() -> None:
    before, after, _ = edited({"patch": [{"op": "copy", "from": "/set/3", "path": "/set/4"}]})
    assert after["set"] == [*before["set"][:4], before["set"][3], *before["set"][4:]]
    before, after, _ = edited({"patch": [{"op": "copy", "from": "/set/*", "path": "/set/*"}]})
    assert after["set"] == [row for row in before["set"] for _ in range(2)]
    before, after, _ = edited({"patch": [{"op": "remove", "path": "/set/*"}]})
    assert after == {**before, "set": []}
    before, after, _ = edited({"patch": [{"op": "move", "from": "/set/0", "path": "/set/-"}]})
    assert after["set"] == [*before["set"][1:], before["set"][0]]


def test_a_merge_patch_changes_members_and_takes_them_away() -> None:
    before, after, _ = edited({"merge": {"resolution": "OneDay", "extra": {"a": 1}, "setType": None}})
    assert after == {**{n: v for n, v in before.items() if n != "setType"}, "resolution": "OneDay", "extra": {"a": 1}}


def test_headers_are_set_replaced_and_taken_away() -> None:
    asker = faulty({"effect": {"edit": {"headers": {"Content-Type": "text/html", "X-New": "1"}}}})
    reply = asker.get()
    assert (reply.header(b"content-type"), reply.header(b"x-new")) == (b"text/html", b"1")
    assert content(reply)["plants"]
    asker = faulty({"effect": {"edit": {"headers": {"content-type": None}}}})
    assert asker.get().header(b"content-type") is None
    asker = faulty()
    asker.world.happenings.carry_out(ChangeQuota(quota=Quota(requests=0)))
    assert asker.get().header(b"retry-after") is not None
    asker.world.faults.add({"effect": {"edit": {"headers": {"Retry-After": None}}}})
    assert (asker.get().status, asker.get().header(b"retry-after")) == (429, None)


def test_an_edit_that_the_answer_does_not_allow_leaves_it_and_says_so() -> None:
    asker = faulty({"effect": {"edit": {"patch": [{"op": "remove", "path": "/set/0"}]}}})
    assert content(asker.get())["plants"]
    assert "the answer's body stays as it is: nothing stands at '/set'" in asker.why
    asker = faulty({"match": {"path": "*/swagger.json"}, "effect": {"edit": {"merge": {"a": 1}}}})
    asker.world.faults.add({"match": {"path": "*/index.html"}, "effect": {"edit": {"merge": {"a": 1}}}})
    asker.get("/monitoring/index.html")
    assert "it is not JSON" in asker.why


def test_an_edit_reaches_refusals_and_stands_beside_a_delay() -> None:
    asker = faulty({"effect": {"edit": {"merge": {"code": "x"}}, "delay": 2}, "times": 1})
    asker.token = "wrong"
    reply = asker.get()
    assert (reply.status, content(reply)["code"]) == (401, "x")
    assert reply.effect is not None
    assert reply.effect.delay == 2
    assert "changes the answer" in asker.why
    assert "code" not in content(asker.get()) or content(asker.get())["code"] != "x"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({}, "edit: says nothing"),
        ({"merge": {}, "patch": []}, "edit: give merge or patch, not both"),
        ({"merge": [1]}, "edit.merge: has to be an object"),
        ({"patch": {}}, "edit.patch: has to be a list of 200 operations"),
        ({"patch": [{"op": "drop", "path": "/a"}]}, "edit.patch[0].op: no operation 'drop'"),
        ({"patch": [{"op": "copy", "path": "/a"}]}, "edit.patch[0]: the key 'from' of 'copy' is missing"),
        ({"patch": [{"op": "remove", "path": "set"}]}, "edit.patch[0].path: has to be a JSON Pointer"),
        ({"patch": [{"path": "/a"}]}, "edit.patch[0]: the key 'op' is missing"),
        ({"headers": {"Content-Length": "1"}}, "edit.headers.Content-Length: is the server's own"),
        ({"headers": {"X": "a\nb"}}, "edit.headers.X: has to be one line of text"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(edit: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        faulty({"effect": {"edit": edit}})
    assert f"effect.{words}" in str(caught.value)
