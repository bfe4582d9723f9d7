"""Generated files are current; where one is not, the failure names the command that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from mock_sma.domain.period import Period, Span
from tests.late import Late
from tools.generated.__main__ import main
from tools.generated.file import ROOT, TextFile
from tools.generated.files import text_files
from tools.generated.plot_data import PLACES, balance, clear_power

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = text_files()
drawing = Late("tools.generated.plots")
PICTURES = sorted(f"docs/plots/{file.name}" for file in (ROOT / "docs" / "plots").iterdir())


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_a_generated_text_is_current(file: TextFile) -> None:
    assert file.is_current(), f"{file.name} is out of date: make generated writes it"


def test_the_cloudless_days_of_the_plots_are_round_and_above_those_with_clouds() -> None:
    plant, bright, _ = PLACES["Kassel"]
    clear, power = clear_power(plant, bright), balance(plant, Span(Period.DAY, bright))["pvGeneration"] / 1_000.0
    assert np.abs(np.diff(clear)).max() < 0.1 * clear.max()
    assert clear.sum() > 1.5 * power.sum()


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_plot_shows_the_data_of_today(name: str) -> None:
    plot = next(plot for plot in drawing.PLOTS if plot.name == name)
    assert plot.is_current(), f"{plot.name} is out of date: make generated draws it"


def test_every_file_that_says_it_is_generated_is_known() -> None:
    marked = {
        file.relative_to(ROOT).as_posix()
        for file in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
        if "<!-- begin " in (text := file.read_text(encoding="utf-8")) or "<!-- generated: " in text
    }
    assert marked <= {file.name for file in TEXTS}


@pytest.mark.slow
def test_every_picture_is_drawn_by_a_plot() -> None:
    assert sorted(plot.name for plot in drawing.PLOTS) == PICTURES


def test_a_text_that_is_out_of_date_is_written_anew(tmp_path: Path) -> None:
    file = next(file for file in TEXTS if file.name == "docs/consent.md")
    kept = ROOT.joinpath(file.name).read_text(encoding="utf-8")
    copy = tmp_path / file.name
    copy.parent.mkdir()
    copy.write_text(kept.replace("stateDiagram-v2", "stateDiagram-v1"), encoding="utf-8")
    assert not file.is_current(tmp_path)
    file.write(tmp_path)
    assert copy.read_text(encoding="utf-8") == kept


@pytest.mark.slow
def test_a_plot_of_other_data_is_drawn_anew(tmp_path: Path) -> None:
    shown = [1.0]
    made = drawing.PLOTS[3]
    names = ("Kassel", "Sydney", "Nairobi", "Tromsø")

    def data() -> dict[str, list[float]]:
        return {f"{name} {kind}": [0.1, 0.2 * shown[0]] for name in names for kind in ("indices", "ramps")}

    plot = drawing.Plot("a.png", data, made.draw)
    assert not plot.is_current(tmp_path)
    plot.write(tmp_path)
    assert plot.is_current(tmp_path)
    assert drawing.SUM.encode() in (tmp_path / "a.png").read_bytes()
    shown[0] = 2.0
    assert not plot.is_current(tmp_path)
    assert drawing.sum_of(data()) != drawing.sum_of({})


@pytest.mark.slow
def test_the_command_leaves_what_is_current_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    before = {file.name: (ROOT / file.name).stat().st_mtime_ns for file in TEXTS}
    assert main(["docs/consent.md", "scenarios/", "tests/scenario_file/broken/a"]) == 0
    assert capsys.readouterr().out == "all generated files are current\n"
    assert {file.name: (ROOT / file.name).stat().st_mtime_ns for file in TEXTS} == before


def test_the_makefile_has_the_command() -> None:
    assert "\ngenerated: $(STAMP)\n\t$(BIN)/python -m tools.generated $(ARGS)\n" in (ROOT / "Makefile").read_text()
