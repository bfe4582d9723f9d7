"""docs/simulation.md is about what there is."""

from __future__ import annotations

import re
from pathlib import Path

import mock_sma.simulation
from mock_sma.domain.plant import LoadKind
from mock_sma.domain.sites import LISTS, SITES
from mock_sma.simulation import climate, load, pv, sky, sun, weather

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "simulation.md").read_text(encoding="utf-8")


def test_files_that_the_page_names_exist_and_its_pictures_too() -> None:
    modules = {file.name for file in Path(mock_sma.simulation.__file__).parent.glob("*.py")}
    named = set(re.findall(r"`(\w+\.py)`", PAGE))
    assert named <= modules
    assert len(named) > 12
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", PAGE)
    assert len(pictures) >= 3
    assert all((DOCS / picture).is_file() for picture in pictures)


def test_constants_on_the_page_are_those_of_the_code() -> None:
    for value in (
        f"{sun.SOLAR_CONSTANT:.0f} W/m²",
        f" {pv.SYSTEM_FACTOR} |",
        f"{-100 * pv.TEMPERATURE_COEFFICIENT:.2f} %/K",
        f"{100 * pv.AGEING:.1f} % a year",
        f"nominal {pv.NOMINAL_EFFICIENCY}",
        f"albedo {sky.ALBEDO}",
        f"{1_000 * climate.LAPSE} K/km",
        f"± {100 * load.SEASON[LoadKind.HOUSEHOLD]:.0f} % by season",
        f"G25, ± {100 * load.SEASON[LoadKind.COMMERCIAL]:.0f} % by season",
        "H₀ ({:.2f} + {:.2f} n/N)".format(*climate.SUMMER_HALF),
        "H₀ ({:.2f} + {:.2f} n/N)".format(*climate.WINTER_HALF),
    ):
        assert value in PAGE, value
    assert weather.DAY == 288


def test_each_site_has_a_row_that_says_what_it_was_held_against_and_what_is_from_memory() -> None:
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|.*\|.*\|$", PAGE.split("held against\n")[1], re.MULTILINE))
    for site in SITES:
        assert ("memory" in site.held) == ("memory" in rows[site.name]), site.name
        assert ("lists" in site.held) == ("both lists" in rows[site.name]), site.name
        if site.held == LISTS:
            assert rows[site.name].startswith("both lists"), site.name
    assert [site.name for site in SITES] == [name for name in rows if name in {site.name for site in SITES}]
