"""A file of a version is made of the same classes and attributes as long as the version is the same."""

from __future__ import annotations

import json

import pytest

from tests.state.layout import FILE, layout

ADVICE = (
    "what state files of version {version} are made of has changed: {names}. Older files would be read wrongly: raise "
    "VERSION in mock_sma/state/file.py and say in MIGRATIONS what becomes of them, or, while no release has that "
    "version, run python -m tests.state.layout"
)


@pytest.mark.slow
def test_what_a_state_file_is_made_of_is_that_of_its_version() -> None:
    written, now = json.loads(FILE.read_text(encoding="utf-8")), layout()
    assert written["version"] == now["version"], "run python -m tests.state.layout"
    other = [
        name for name in written["classes"] | now["classes"] if written["classes"].get(name) != now["classes"].get(name)
    ]
    assert other == [], ADVICE.format(version=now["version"], names=", ".join(other))
    assert {"Consent", "Session", "Plant", "Entry"} <= {name.rpartition(".")[2] for name in now["classes"]}
