"""From cells to columns of numbers, each with its property and unit."""

from __future__ import annotations

import re
from array import array
from math import isinf
from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import Nature
from mock_sma.errors import RowsError
from mock_sma.frozen import frozen
from mock_sma.recorded.options import UNITS
from mock_sma.recorded.owner import GENERIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.recorded.owner import RowsOwner

TIME = (
    *("time", "timestamp", "datetime", "date time", "date", "date/time", "time period"),
    *("start", "start_ts", "last_changed"),
    *("zeit", "zeitstempel", "zeitraum", "datum", "datum/uhrzeit", "datum / uhrzeit"),
)
"""Heads of the column of times."""

NAN = float("nan")

NOTHING = frozenset({"", "-", "null", "none", "nan", "n/a", "unknown", "unavailable"})
"""Cells that hold no value."""

_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]")


@frozen
class Head:
    """The head of a column.

    Attributes:
        name: the property, or ``property.A`` for an input.
        unit: as the head names it.
    """

    name: str
    unit: str | None

    @classmethod
    def of(cls, text: str) -> Head:
        """Return it: ``pvGeneration``, or ``pvGeneration [kW]`` with its unit."""
        match = _UNIT.fullmatch(text.strip())
        return cls(text.strip(), None) if match is None else cls(match["name"], match["unit"].strip())


@frozen
class Heads:
    """The heads of all columns but the times'.

    Attributes:
        measurement_set: the set of all of them.
        names: the columns, as a recording names them.
        factors: what each value is multiplied with.
        is_energy: whether energies are in Wh.
        has_powers: whether some are in W.
    """

    measurement_set: MeasurementSet
    names: tuple[str, ...]
    factors: tuple[float, ...]
    is_energy: bool
    has_powers: bool = False


def heads_of(texts: Sequence[str], owner: RowsOwner, set_name: str | None, unit: str | None) -> Heads:
    """Return what the columns are.

    Raises:
        RowsError: there is none, one is unknown or there twice, or their units do not go together.
    """
    heads = [Head.of(text) for text in texts]
    if not heads:
        raise RowsError("there is no column beside the times; write for example time,power", 1)
    names = [head.name for head in heads]
    wanted = None if set_name is None else owner.named(set_name)
    if len(names) == 1 and names[0].lower() in GENERIC:
        found, single = owner.generic()
        if wanted not in (None, found):
            names = [_only_energy(wanted)] if wanted is not None else names
        else:
            wanted, names = found, [single]
        if unit is None and heads[0].unit is None and heads[0].name.lower() == "energy":
            unit = "Wh"
    found = wanted or owner.of_columns(names)
    own = {item.name.lower(): item.name for item in found.properties}
    spelt = []
    for name in names:
        bare, dot, letter = name.partition(".")
        if bare.lower() not in own:
            known = ", ".join(item.name for item in found.properties)
            raise RowsError(f"{found.name} has no {bare!r}; it has {known}", 1)
        spelt.append(own[bare.lower()] + dot + letter.upper())
    if len(set(spelt)) < len(spelt):
        raise RowsError(f"the column {next(name for name in spelt if spelt.count(name) > 1)} is there twice", 1)
    factors, kinds = zip(
        *(_unit_of(found, name, head, unit) for name, head in zip(spelt, heads, strict=True)), strict=True
    )
    energies = {kind for kind in kinds if kind is not None}
    if len(energies) > 1:
        raise RowsError("some columns are in W and some in Wh; a file holds powers or energies, not both", 1)
    is_energy = energies.pop() if energies else False
    return Heads(found, tuple(spelt), factors, is_energy, False in kinds)


def _only_energy(wanted: MeasurementSet) -> str:
    energies = [item.name for item in wanted.properties if item.nature is Nature.ENERGY and not item.indexed]
    if len(energies) != 1:
        raise RowsError(f"{wanted.name} has more than one power; name the column: {', '.join(energies)}", 1)
    return energies[0]


def _unit_of(found: MeasurementSet, name: str, head: Head, unit: str | None) -> tuple[float, bool | None]:
    """Return the factor of a column, and whether it holds energies; None: neither energy nor power."""
    item = next(own for own in found.properties if own.name == name.partition(".")[0])
    if item.nature is not Nature.ENERGY:
        if item.nature is Nature.RATE and head.unit == "%":
            return 0.01, None
        if head.unit not in (None, "", item.unit):
            raise RowsError(f"{name} is in {item.unit}, not in {head.unit!r}", 1)
        return 1.0, None
    given = head.unit or unit or item.unit
    by_case = {word.lower(): word for word in UNITS}
    if given.lower() not in by_case:
        raise RowsError(f"{name} is in {', '.join(UNITS)}, not in {given!r}", 1)
    factor, is_energy = UNITS[by_case[given.lower()]]
    if item.unit == "Wh" and not is_energy:
        raise RowsError(f"{name} is an energy, in Wh; {given} is a power", 1)
    return factor, is_energy


def numbers(
    cells: Sequence[str] | array[float], factor: float, name: str, first_line: int, *, comma: bool
) -> array[float]:
    """Return a column's numbers, NaN where a cell is empty.

    Args:
        cells: texts, or numbers as they are.
        first_line: line of the first cell.
        comma: whether decimals come behind a comma.

    Raises:
        RowsError: a cell is no number.
    """
    if isinstance(cells, array):
        return _finite(_times(cells, factor), cells, name, first_line)
    try:
        # A point may stand between thousands there.
        found = array("d") if comma and any("." in cell for cell in cells) else array("d", map(float, cells))
    except ValueError:
        found = array("d")
    if len(found) < len(cells):
        found = array("d", [_number(cell, name, first_line + place, comma=comma) for place, cell in enumerate(cells)])
    return _finite(_times(found, factor), cells, name, first_line)


def _times(found: array[float], factor: float) -> array[float]:
    return found if factor == 1.0 else array("d", [round(value * factor, 6) for value in found])


def _finite(found: array[float], cells: Sequence[str] | array[float], name: str, first_line: int) -> array[float]:
    if any(map(isinf, found)):
        place = next(place for place, value in enumerate(found) if isinf(value))
        raise RowsError(f"{cells[place]!r} is no finite number in the column {name}", first_line + place)
    return found


def _number(cell: str, name: str, line: int, *, comma: bool) -> float:
    text = cell.strip()
    if text.lower() in NOTHING:
        return NAN
    if comma:
        text = text.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        hint = "write numbers such as 1234.5, and leave a cell empty where there is none"
        raise RowsError(f"{cell[:40]!r} is no number in the column {name}; {hint}", line) from None
