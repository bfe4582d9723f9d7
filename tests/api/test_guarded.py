"""The control API of a server, and what it does before the first request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.guarded import Guarded
from mock_sma.api.metrics import Metrics
from mock_sma.scenarios import Library
from mock_sma.worlds.worlds import Worlds
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from pathlib import Path


def test_a_users_scenario_with_mistakes_does_not_keep_a_server_from_its_start(tmp_path: Path) -> None:
    (tmp_path / "sandbox.yaml").write_text("plants: 7\n", encoding="utf-8")
    Guarded(Worlds(make()), Library([tmp_path]), Metrics(), None, ()).warm()
