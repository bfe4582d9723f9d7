"""What ``live`` makes of failures that are no exceptions, and of those that do not come again."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from mock_sma.testing.life import LifeFailure, live

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.testing.life import Living

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("in_thread", [False, True])
def test_pytest_fail_at_a_midnight_ends_a_life_in_whatever_thread_it_is(tmp_path: Path, in_thread: bool) -> None:
    """It is no Exception, and in a thread of the program's it would be lost."""

    def main(_: Living) -> None:
        if in_thread:
            threading.Thread(target=time.sleep, args=(864_000,)).start()
        time.sleep(864_000)

    def look(_: Living) -> None:
        pytest.fail("too few rows")

    with pytest.raises(LifeFailure, match=r"midnight: at midnight of [0-9-]+: too few rows"):
        live(main, scenario="ennexos", days=2, happens=(), midnights=(look,), rules=(), failures=tmp_path)


def test_a_failure_that_does_not_come_again_is_told_with_what_to_look_for(tmp_path: Path) -> None:
    calls: list[int] = []

    def main(_: Living) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("kept")
        time.sleep(864_000)

    told = r"program: the program ended with KeyError: 'kept'[\s\S]*did not fail: the program keeps something"
    with pytest.raises(LifeFailure, match=told) as caught:
        live(main, scenario="ennexos", days=1, happens=(), rules=(), failures=tmp_path)
    assert caught.value.rule == "program"
    assert len(calls) == 2
    assert len(list(tmp_path.iterdir())) == 2
