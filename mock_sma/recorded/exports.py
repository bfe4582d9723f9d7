"""What other programs export, brought into our columns (docs/data.md, Exports).

Most heads are those of files that people have published: SMA's ennexOS portal, SolarEdge's monitoring. Which of them
are a guess, docs/data.md says.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.errors import RowsError
from mock_sma.recorded.clock_times import with_date
from mock_sma.recorded.columns import Head
from mock_sma.recorded.statistics import STATISTIC, of_statistics

if TYPE_CHECKING:
    from mock_sma.recorded.options import Options
    from mock_sma.recorded.sheet import Sheet

SMA = {
    "pv power generation": "pvGeneration",
    "pv generation": "pvGeneration",
    "pv-erzeugung": "pvGeneration",
    "pv-leistung": "pvGeneration",
    "direct consumption": "directConsumption",
    "direktverbrauch": "directConsumption",
    "self-consumption": "selfConsumption",
    "eigenverbrauch": "selfConsumption",
    "total consumption": "totalConsumption",
    "gesamtverbrauch": "totalConsumption",
    "battery charging": "batteryCharging",
    "batterieladung": "batteryCharging",
    "battery discharging": "batteryDischarging",
    "batterieentladung": "batteryDischarging",
    "external energy supply": "gridConsumption",
    "grid-supplied power": "gridConsumption",
    "netzbezug": "gridConsumption",
    "grid feed-in": "gridFeedIn",
    "netzeinspeisung": "gridFeedIn",
    "total generation": "totalGeneration",
    "gesamterzeugung": "totalGeneration",
    "power": "power",
    "leistung": "power",
    "gesamtleistung": "power",
    "total yield": "energy",
    "gesamtertrag": "energy",
}
"""Heads of SMA's portals, in English and German, without what stands behind the slash."""

SOLAREDGE = {
    "solar production": "pvGeneration",
    "system production": "pvGeneration",
    "consumption": "totalConsumption",
    "self consumption": "selfConsumption",
    "export": "gridFeedIn",
    "import": "gridConsumption",
    "battery charge level": "batteryStateOfCharge",
}
"""Heads of SolarEdge's monitoring; what modules give (solar) goes before what inverters give (system)."""

FORMATS = ("sma", "solaredge", "home-assistant", "plain")

_MEANS = re.compile(r"\s+/\s.*$")
"""What stands behind a name: mean values, meter change values."""


def translated(sheet: Sheet, options: Options, file: str) -> Sheet:
    """Return a sheet with our columns; one of our own form as it is.

    Args:
        file: its name, which may hold the date; empty: none.

    Raises:
        RowsError: it is not of the format that was named, or cannot be used.
    """
    found = options.format or _told(sheet)
    if found == "home-assistant":
        return of_statistics(sheet)
    if found == "plain":
        return sheet
    names = SMA if found == "sma" else SOLAREDGE
    sheet = _renamed(sheet, names, options.set_name, found)
    if found == "solaredge":
        return replace(sheet, stamps="start")
    return with_date(sheet, options, file)


def _told(sheet: Sheet) -> str:
    """Return the format that heads are of."""
    bare = [Head.of(head).name.lower() for head in sheet.heads]
    if any(name in STATISTIC for name in bare):
        return "home-assistant"
    if any(" / " in name or (name in SMA and name != "power") for name in bare):
        return "sma"
    is_edge = any(name in ("system production", "solar production") for name in bare)
    return "solaredge" if is_edge else "plain"


def _renamed(sheet: Sheet, names: dict[str, str], set_name: str | None, form: str) -> Sheet:
    """Return the columns that are known, under our names; of two that are called alike the one that goes before."""
    wanted = ALL_SETS.get((set_name or "").lower())
    allowed = None if wanted is None else {item.name for item in wanted.properties} | {"power", "energy"}
    ranks = list(names)
    kept: dict[str, tuple[int, int, str]] = {}
    for place, head in enumerate(sheet.heads):
        own = Head.of(head)
        bare = _MEANS.sub("", own.name.lower().strip())
        name = names.get(bare)
        if name is None or (allowed is not None and name not in allowed):
            continue
        text = name if own.unit is None else f"{name} [{own.unit}]"
        rank = ranks.index(bare)
        if name not in kept or rank < kept[name][0]:
            kept[name] = (rank, place, text)
    if not kept:
        heads = ", ".join(sheet.heads)
        raise RowsError(f"no column of it is known from {form}: {heads[:200]}; rename the columns as in time,power", 1)
    if len(kept) > 1:
        kept = {name: value for name, value in kept.items() if name not in ("power", "energy")}
    places = [place for _, place, _ in kept.values()]
    return replace(
        sheet,
        heads=tuple(text for _, _, text in kept.values()),
        columns=tuple(sheet.columns[place] for place in places),
    )
