"""Nothing of anybody's comes out of a witness, wherever it stands in an archive."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.errors import ArchiveError
from mock_sma.seeding import key
from mock_sma.witness import report
from mock_sma.witness.members import shown
from tests.witness.test_witness import held, traffic

MARK = "Xq7MARKzz9"


ASIDE: dict[str, Any] = {
    "pageref": "page_1",
    "serverIPAddress": "192.0.2.1",
    "connection": "5",
    "comment": "c",
    "_initiator": {"type": "script", "stack": {"callFrames": [{"url": "u", "functionName": "f"}]}},
}
COOKIES = [{"name": "a", "value": "b", "path": "/", "domain": "d", "expires": "e", "comment": "c"}]
SENT = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "b"}], "text": "a=b"}


class Marks:
    """Puts marks at places that a seed chooses: into texts, names of members, numbers and addresses."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._thrown = 0

    def throws(self, sides: int) -> int:
        self._thrown += 1
        return key(self._seed, self._thrown) % sides

    def into(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            kept = {k if self.throws(30) else k + MARK: self.into(item, k) for k, item in value.items()}
            return kept if self.throws(8) else {**kept, MARK: MARK, f"own{MARK}": {f"{MARK}@example.org": [MARK]}}
        if isinstance(value, list):
            return [self.into(item, name) for item in value[:3]]
        if isinstance(value, str):
            return self._into_text(value, name)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return [77_665_544, 77_665_544.25, MARK][self.throws(3)] if is_number and not self.throws(12) else value

    def _into_text(self, value: str, name: str) -> str:
        if name == "text" and value.startswith("{"):
            return json.dumps(self.into(json.loads(value), "body"))
        ways = [value] * 4
        if name == "url":
            ways += [value.replace("//", f"//{MARK}:{MARK}@"), value.replace("//", f"//{MARK}."), f"{value}#{MARK}"]
            ways += [f"{value}{'&' if '?' in value else '?'}{MARK}={MARK}", value.replace("2100", MARK)]
        elif name not in ("method", "status"):
            ways += [MARK, f"{value}{MARK}", f"Bearer {MARK}", f"{MARK}@example.org"]
        return ways[self.throws(len(ways))]


@pytest.mark.slow
@given(st.integers(0, 10_000))
@settings(max_examples=int(os.environ.get("MOCK_SMA_TEST_MARKS", "6")), deadline=None)
def test_nothing_that_was_marked_comes_out(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    har = json.loads(traffic())
    log = har["log"] | {"browser": {"name": "b", "version": "1"}, "pages": [{"id": "page_1", "title": "t"}]}
    for entry in log["entries"]:
        entry.update(ASIDE)
        entry["request"] |= {"cookies": COOKIES, "queryString": COOKIES, "postData": SENT}
        entry["response"] |= {"cookies": COOKIES, "redirectURL": "r", "statusText": "s", "_error": "e"}
    entries = [Marks(seed + number).into(entry) for number, entry in enumerate(log.pop("entries"))]
    try:
        evidence = held(tmp_path_factory.mktemp("marked"), {"log": {**Marks(seed).into(log), "entries": entries}})
    except ArchiveError as error:
        told = str(error)
    else:
        lines = [*report.table(evidence), *report.markdown(evidence)]
        told = "\n".join([*lines, json.dumps(report.document(evidence)), json.dumps(report.shapes(evidence))])
    assert not [mark for mark in ("MARK", "77665544", "Xq7") if mark in told]


@pytest.mark.parametrize(
    ("name", "is_shown"),
    [("peakOutput", True), ("peak_power", True), ("annaSchmidt", False), ("secretword", False), ("id7", False)],
)
def test_a_strange_member_is_named_where_nobody_can_be_called_so(name: str, is_shown: bool) -> None:
    assert (repr(name) in shown(name)) is is_shown
