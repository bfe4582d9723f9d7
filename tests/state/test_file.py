"""The state file: what is written is read, and what cannot be used is refused in one line and left as it is."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from mock_sma.errors import StateError
from mock_sma.state import StateFile, file
from mock_sma.state.changes import Changes, Point
from mock_sma.state.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHANGES = Changes(points={"default": Point(0, 3, b"origin", b"state")}, first=4, records=b"records")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


@pytest.fixture
def written(path: Path) -> Path:
    """A file that a process has written and left in good order."""
    made = StateFile.open(path)
    made.commit(CHANGES)
    made.close()
    return path


@pytest.fixture
def left(path: Path, tmp_path: Path) -> Path:
    """A file that a process was killed over: what it wrote is in the write-ahead log yet."""
    made = StateFile.open(path)
    made.commit(CHANGES)
    twin = tmp_path / "twin.sqlite"
    twin.write_bytes(path.read_bytes())
    twin.with_name("twin.sqlite-wal").write_bytes(path.with_name("a.sqlite-wal").read_bytes())
    made.close()
    return twin


def refused(path: Path) -> str:
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StateError) as caught:
        StateFile.open(path)
    assert (path.read_bytes() if path.is_file() else b"") == before
    text = str(caught.value)
    assert str(path.parent) in text
    assert "\n" not in text
    return text


def test_a_new_file_is_readable_by_its_owner_only(path: Path) -> None:
    with closing(StateFile.open(path)) as made:
        assert made.kept is None
        modes = [stat.S_IMODE(item.stat().st_mode) for item in path.parent.iterdir()]
    assert set(modes) == {0o600}


def test_an_empty_file_is_a_new_one(path: Path) -> None:
    path.touch()
    with closing(StateFile.open(path)) as made:
        assert made.kept is None


@pytest.mark.parametrize("which", ["written", "left"])
def test_what_was_committed_is_read_again(which: str, request: pytest.FixtureRequest) -> None:
    with closing(StateFile.open(request.getfixturevalue(which))) as again:
        assert again.kept is not None
        assert again.kept.worlds == {"default": (3, Written(b"origin", b"state"))}
        assert again.kept.log == [(4, b"records")]


def test_an_ended_process_leaves_one_file(left: Path) -> None:
    StateFile.open(left).close()
    assert [item.name for item in left.parent.glob("twin*")] == ["twin.sqlite"]


def test_a_point_without_origin_leaves_the_origin_there(written: Path) -> None:
    with closing(StateFile.open(written)) as again:
        again.commit(Changes(clears=True, points={"default": Point(0, 9, None, b"later")}))
    with closing(StateFile.open(written)) as again:
        assert again.kept is not None
        assert again.kept.worlds == {"default": (9, Written(b"origin", b"later"))}
        assert again.kept.log == []


def test_a_world_that_is_gone_is_gone(written: Path) -> None:
    with closing(StateFile.open(written)) as again:
        again.commit(Changes(gone=["default"]))
    with closing(StateFile.open(written)) as again:
        assert again.kept is not None
        assert again.kept.worlds == {}


def test_a_third_process_is_refused(written: Path) -> None:
    with closing(StateFile.open(written)):
        assert "another mock-sma is using it" in refused(written)


def test_a_text_is_no_state_file(path: Path) -> None:
    path.write_text("hello")
    assert "is not a state file" in refused(path)


def test_a_database_of_something_else_is_no_state_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE world (name TEXT)")
    assert "is not a state file" in refused(path)


def test_a_newer_version_is_refused(written: Path) -> None:
    with closing(sqlite3.connect(written)) as other:
        other.execute("PRAGMA user_version = 999")
    assert "newer" in refused(written)


@pytest.mark.slow
def test_damage_is_found_or_has_hurt_nothing(written: Path) -> None:
    whole = written.read_bytes()
    found = 0
    for place in range(0, len(whole), 397):
        data = bytearray(whole)
        data[place : place + 24] = b"\xa5" * len(data[place : place + 24])
        written.write_bytes(data)
        try:
            with closing(StateFile.open(written)) as again:
                assert again.kept is not None
                assert again.kept.worlds == {"default": (3, Written(b"origin", b"state"))}
                assert again.kept.log == [(4, b"records")]
        except StateError:
            found += 1
            assert written.read_bytes() == data
    assert found >= 2


def test_a_file_cut_short_is_refused(written: Path) -> None:
    written.write_bytes(written.read_bytes()[:5000])
    told = refused(written)
    assert "damaged" in told
    assert "\n" not in told


def test_a_bit_in_a_world_is_found(written: Path) -> None:
    data = written.read_bytes()
    assert data.count(b"origin") == 2  # the other one is a column's name
    written.write_bytes(data[: data.rindex(b"origin")] + b"origjn" + data[data.rindex(b"origin") + 6 :])
    assert "a checksum is wrong" in refused(written)


def test_a_read_only_file_is_refused(written: Path) -> None:
    written.chmod(0o400)
    assert "read-only" in refused(written)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "is a directory" in refused(tmp_path)


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="there is no directory"):
        StateFile.open(tmp_path / "no" / "a.sqlite")


def _third(database: sqlite3.Connection) -> None:
    """Do what a third version could need: change the tables, and what is in them."""
    database.execute("ALTER TABLE world ADD COLUMN more TEXT")
    (state,) = database.execute("SELECT state FROM world").fetchone()
    database.execute("UPDATE world SET state = ?", (file.sealed(file.opened(state).replace(b"state", b"later")),))


@pytest.fixture
def version_three(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(file, "VERSION", 3)
    monkeypatch.setitem(file.MIGRATIONS, 2, _third)
    yield
    monkeypatch.undo()


def test_an_earlier_version_is_brought_forward(written: Path, version_three: None) -> None:
    with closing(StateFile.open(written)) as again:
        assert again.kept is not None
        assert again.kept.worlds == {"default": (3, Written(b"origin", b"later"))}
    with closing(sqlite3.connect(written)) as found:
        assert found.execute("PRAGMA user_version").fetchone() == (3,)
        assert found.execute("SELECT name, more FROM world").fetchall() == [("default", None)]


def test_a_step_forward_that_fails_leaves_the_file_of_its_version(
    written: Path, version_three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(database: sqlite3.Connection) -> None:
        _third(database)
        raise sqlite3.DatabaseError("no")

    with monkeypatch.context() as patched:
        patched.setitem(file.MIGRATIONS, 2, fail)
        with pytest.raises(StateError, match="damaged"):
            StateFile.open(written)
    with closing(sqlite3.connect(written)) as found:
        assert found.execute("PRAGMA user_version").fetchone() == (2,)
    StateFile.open(written).close()


def test_a_full_disk_is_told_and_loses_nothing(written: Path) -> None:
    with closing(StateFile.open(written)) as again:
        again._database.execute("PRAGMA max_page_count = 4")
        with pytest.raises(StateError, match="the disk is full"):
            again.commit(Changes(first=5, records=bytes(100_000)))
        again._database.execute("PRAGMA max_page_count = 4000")
        again.commit(Changes(first=5, records=b"more"))
    with closing(StateFile.open(written)) as again:
        assert again.kept is not None
        assert again.kept.log == [(4, b"records"), (5, b"more")]
