"""The commands check, scenarios, init and schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_sma.cli import main
from mock_sma.scenarios import load_file, shipped
from mock_sma.scenarios.schema import schema_text

if TYPE_CHECKING:
    from pathlib import Path


def test_scenarios_lists_all_with_their_first_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [name for name, _ in shipped()]
    assert all(len(line.split()) > 5 for line in lines)


def test_init_writes_a_file_that_check_finds_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "w.yaml"
    assert main(["init", str(file)]) == 0
    assert main(["check", str(file)]) == 0
    assert f"{file}: OK, 1 plant, 1 user\n" in capsys.readouterr().out
    assert main(["init", str(file)]) == 1
    assert "already exists" in capsys.readouterr().err


@pytest.mark.slow
def test_init_copies_a_shipped_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "w.yaml"
    assert main(["init", str(file), "--from", "gap-week"]) == 0
    assert load_file(file).name == "gap-week"
    assert main(["init", str(tmp_path / "x.yaml"), "--from", "gap-weak"]) == 2
    assert "did you mean 'gap-week'?" in capsys.readouterr().err
    assert main(["init", str(tmp_path / "x.toml")]) == 2


def test_check_names_every_problem_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, noted = tmp_path / "bad.yaml", tmp_path / "noted.yaml"
    bad.write_text("version: 1\nprofil: x\nseed: y\n")
    noted.write_text("users: [{email: a@example.org}]\n")
    assert main(["check", str(bad), str(noted), str(tmp_path / "none.yaml")]) == 1
    out = capsys.readouterr().out
    assert f"{bad}:2: profil: unknown key 'profil'; did you mean 'profile'?" in out
    assert f"{bad}:3: seed: has to be a whole number" in out
    assert f"{noted}:1: users[0]: warning: a@example.org has no country" in out
    assert f"{noted}: OK, 0 plants, 1 user\n" in out
    assert "none.yaml: cannot be read: No such file" in out


def test_check_watches_files_and_their_bases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, main_file = tmp_path / "base.yaml", tmp_path / "main.yaml"
    base.write_text("seed: 1\n")
    main_file.write_text("extends: base\n")
    edits = iter(
        (
            lambda: base.write_text("sed: 1\nname: x\n"),
            lambda: None,
            lambda: base.write_text("seed: 22\n"),
            main_file.unlink,
        )
    )

    def edit(_: float) -> None:
        change = next(edits, None)
        if change is None:
            raise KeyboardInterrupt
        change()

    monkeypatch.setattr("mock_sma.cli.scenarios.time.sleep", edit)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        main(["check", "--watch", str(main_file)])
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(": ")[2] for line in lines[::2]] == ["OK, 0 plants, 0 users"] * 2
    assert lines[1].startswith("base.yaml:1: sed: unknown key 'sed'; did you mean 'seed'?")
    assert "No such file" in lines[3]


@pytest.mark.slow
def test_init_names_the_schema_that_it_writes_beside_the_file(tmp_path: Path) -> None:
    for name, more in (("a.yaml", []), ("b.yaml", ["--from", "sandbox"])):
        assert main(["init", str(tmp_path / name), *more]) == 0
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert "# yaml-language-server: $schema=scenario.schema.json" in lines[:10]
    assert (tmp_path / "scenario.schema.json").read_text(encoding="utf-8") == schema_text()


def test_check_without_a_file_is_a_usage_error() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["check"])


@pytest.mark.slow
def test_schema_is_the_published_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scenario.schema.json"
    assert main(["schema", "--out", str(file)]) == 0
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == file.read_text(encoding="utf-8") == schema_text()


def test_check_finds_bases_beside_the_file_with_and_without_their_ending(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text("seed: 1\n")
    for base in ("base", "base.yml"):
        (tmp_path / "child.yaml").write_text(f"extends: {base}\n")
        assert load_file(tmp_path / "child.yaml").seed == 1
