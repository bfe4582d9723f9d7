"""The log that servers of one machine share: what they were told is in the file, and nothing else counts."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from mock_sma.errors import StateError
from mock_sma.state import StateFile
from mock_sma.state.local import Page
from mock_sma.state.local.log import SharedLog
from tests.state.golden import files

if TYPE_CHECKING:
    from pathlib import Path

WORLD = ("default", b"origin", b"state")


def ask(
    log: SharedLog, applied: int, asked: bytes = b"asked", mode: str = "ask", token: str = ""
) -> tuple[object, ...]:
    turned = log.turn(applied, 1, "", token, mode, b"", asked, "default", 1, 0)
    assert not isinstance(turned, str), turned
    return turned


def test_a_later_process_has_what_servers_were_told(tmp_path: Path) -> None:
    with closing(StateFile.open(tmp_path / "a.sqlite")) as file:
        log = SharedLog(file, Page())
        assert log.turn(0, 1, "", "", "ask", b"", b"asked") == "EMPTY"
        place = log.found(0, [WORLD])
        assert place is not None
        assert log.found(0, [WORLD]) is None
        assert ask(log, place)[1] == place + 1
        log.commit()
        ask(log, place, b"nobody was told")
    with closing(StateFile.open(tmp_path / "a.sqlite")) as file:
        log = SharedLog(file, Page())
        _, upto, worlds, entries, _ = log.join()
        assert (upto, worlds) == (place, [WORLD])
        assert [(position, data) for position, _, data in entries] == [(place + 1, b"5default=1\nasked")]
        assert log.turn(place + 2, 1, "", "", "ask", b"", b"") == "LOST"
        log.snapshot(place + 1, 0, [("default", b"origin", b"later"), ("two", b"", b"")])
        log.commit()
        assert ask(log, place + 1)[1] == place + 2
        assert log.turn(place - 1, 1, "", "", "ask", b"", b"") == "GAP"


def test_who_holds_the_lock_is_alone(tmp_path: Path) -> None:
    with closing(StateFile.open(tmp_path / "a.sqlite")) as file:
        log = SharedLog(file, Page())
        place = log.found(0, [WORLD])
        assert place is not None
        assert ask(log, place, b"", "lock", "mine")[3] == 1
        assert log.calls == [1]
        assert ask(log, place, b"", "lock", "another's")[3] == ask(log, place)[3] == 0
        assert log.turn(place, 1, "", "another's", "commit", b"", b"changed") == "UNLOCKED"
        assert ask(log, place, b"changed", "commit", "mine")[3] == place + 1
        assert ask(log, place)[3] == place + 2


def test_a_lock_that_nobody_was_heard_of_with_is_lost_to_who_wants_it_alone(tmp_path: Path) -> None:
    with closing(StateFile.open(tmp_path / "a.sqlite")) as file:
        page = Page()
        log = SharedLog(file, page)
        place = log.found(0, [WORLD])
        assert place is not None
        assert ask(log, place, b"", "lock", "mine")[3] == 1
        log.commit()
        log._held_until = 0.0
        assert page.glance(place, "default", 0) is None
        ask(log, place, b"")  # looks what is new, and wants nothing
        assert ask(log, place, b"changed", "commit", "mine")[3] == place + 1
        assert ask(log, place, b"", "lock", "again")[3] == 1
        log._held_until = 0.0
        assert ask(log, place)[3] == place + 2
        assert log.turn(place, 1, "", "again", "commit", b"", b"changed") == "UNLOCKED"
        log.commit()
        assert page.glance(place + 2, "default", 0) is not None


def test_time_goes_on_where_the_systems_clock_was_set_back(tmp_path: Path) -> None:
    with closing(StateFile.open(tmp_path / "a.sqlite")) as file:
        page = Page()
        log = SharedLog(file, page)
        place = log.found(0, [WORLD])
        assert place is not None
        page.begin(page.now() + 10**12)
        at = ask(log, place)[2]
        log.commit()
    with closing(StateFile.open(tmp_path / "a.sqlite")) as file:
        page = Page()
        SharedLog(file, page)
        assert page.now() >= int(str(at))


def test_a_full_disk_is_told_and_nothing_that_was_not_written_counts(tmp_path: Path) -> None:
    with closing(StateFile.open(tmp_path / "a.sqlite")) as file:
        log = SharedLog(file, Page())
        place = log.found(0, [WORLD])
        assert place is not None
        log.commit()
        pages = file._database.execute("PRAGMA page_count").fetchone()[0]
        file._database.execute(f"PRAGMA max_page_count = {pages}")
        ask(log, place, bytes(100_000))
        for _ in range(2):
            with pytest.raises(StateError, match="the disk is full"):
                log.commit()
        file._database.execute("PRAGMA max_page_count = 4000")
        log.mend()
        assert ask(log, place, b"again")[1:4:2] == (place + 1, place + 1)
        log.commit()
        log.mend()
        assert file.kept is not None


def test_a_file_of_one_server_is_taken_over_with_its_log(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(files(1)[0].read_bytes())
    with closing(StateFile.open(path)) as file:
        log = SharedLog(file, Page())
        _, upto, worlds, entries, _ = log.join()
        assert [world[0] for world in worlds] == ["default", "two"]
        assert upto > 0
        assert entries == []
        assert ask(log, upto)[3] == upto + 1
