"""What an exam does so that no situation hangs: no thread of its own runs when it forks, and who is stuck is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.cli import warming
from mock_sma.cli.examining import _Desk

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Stuck:
    """A process that SIGTERM does not end."""

    is_killed = False

    def terminate(self) -> None:
        """Do nothing."""

    def join(self, timeout: float | None = None) -> None:
        assert timeout is not None or self.is_killed

    def is_alive(self) -> bool:
        return not self.is_killed

    def kill(self) -> None:
        self.is_killed = True


def test_a_process_that_is_stuck_is_killed(tmp_path: Path) -> None:
    stuck: Any = Stuck()
    sitting: Any = None
    _Desk(sitting, stuck, tmp_path, began=0.0).leave()
    assert stuck.is_killed


def test_threads_that_the_system_has_not_ended_yet_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "TASKS", tmp_path)
    (tmp_path / "7").touch()
    naps = iter((lambda: None, (tmp_path / "7").unlink))
    monkeypatch.setattr("time.sleep", lambda _: next(naps)())
    warming._see_off([6, 7, None])
    assert not (tmp_path / "7").exists()
    assert list(naps) == []
