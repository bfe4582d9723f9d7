"""The command ``sample``: a plant's or device's numbers in the terminal, without a server."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.cli.chart import chart
from mock_sma.cli.command import whole
from mock_sma.cli.output import put, say, say_json
from mock_sma.cli.serve_options import settings_from
from mock_sma.domain.catalogue import ALL_SETS, DEVICE_SETS, PLANT_SETS
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.period import Period, parse_period, parse_span
from mock_sma.domain.reading import nearest
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.simulation.table import Table

MOST_ROWS = 48
"""Rows that a table shows in the terminal; of more it shows the whole hours."""

GIVEN = ("scenario", "seed", "now")
"""Options that are those of ``serve`` too, with the same environment variables."""

DERIVED = ("directConsumption",)
"""Properties that tell less in a chart than the one after them."""

CHARTED = 2
"""Properties that get a chart."""


def add_sample(sample: ArgumentParser) -> None:
    """Add the options of the command."""
    sample.add_argument("id", metavar="PLANT_OR_DEVICE", help="id of the plant or device")
    sample.add_argument("set", metavar="SET", nargs="?", help="measurement set (default: the first one it has)")
    sample.add_argument("--period", default="Day", help="Recent, Day, Week, Month, Year or Total (default: Day)")
    days = "YYYY-MM-DD, YYYY-MM or YYYY, depending on the period (default: the last complete one)"
    sample.add_argument("--date", help=days)
    sample.add_argument("--scenario", metavar="NAME|FILE", help="scenario to load: a name or a file (default: sandbox)")
    sample.add_argument("--seed", type=whole, help="random seed")
    sample.add_argument("--now", metavar="TIME", help="time of the emulated clock, ISO 8601 with an offset")
    sample.add_argument("--energy", action="store_true", help="show energy in Wh instead of power in W")
    form = sample.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON, as the Monitoring API answers it")
    form.add_argument("--csv", action="store_true", help="print comma-separated values")
    sample.set_defaults(run=_sample)


def _sample(arguments: dict[str, object]) -> int:
    # The engine is only loaded where it is wanted: the other commands stay quick.
    from mock_sma.sandbox.sandbox import Sandbox  # noqa: PLC0415
    from mock_sma.scenarios import load_scenario  # noqa: PLC0415
    from mock_sma.scenarios.library import Library  # noqa: PLC0415

    settings = settings_from({name: arguments[name] for name in GIVEN})
    scenario = load_scenario(settings.scenario, library=Library(settings.scenario_dir))
    world = Sandbox(scenario, now=settings.now, seed=settings.seed, rate=0.0)
    plant, device = _found(world, str(arguments["id"]))
    wanted = _wanted(plant, device, arguments["set"])
    span = _span(plant, world.clock.now(), str(arguments["period"]), arguments["date"])
    energy = bool(arguments["energy"])
    simulators = world.simulators
    seen = simulators.seen(plant, world.clock.time())
    device_id = None if device is None else device.id
    table = simulators.of(plant).table(wanted, span, device_id=device_id, energy=energy, seen=seen)
    if arguments["json"]:
        _print_json(plant, device, wanted, table)
    elif arguments["csv"]:
        _print_csv(table)
    else:
        _print_table(plant, device, wanted, span, table, energy=energy)
    return 0


def _found(world: Sandbox, wanted: str) -> tuple[Plant, Device | None]:
    plants = world.scenario.plants
    for plant in plants:
        if plant.id.lower() == wanted.lower():
            return plant, None
        for device in plant.devices:
            if device.id.lower() == wanted.lower():
                return plant, device
    ids = [plant.id for plant in plants] + [device.id for plant in plants for device in plant.devices]
    raise UsageError(f"the scenario {world.scenario.name!r} has no plant or device {wanted!r}{nearest(wanted, ids)}")


def _wanted(plant: Plant, device: Device | None, name: object) -> MeasurementSet:
    offered = plant_sets(plant) if device is None else device_sets(plant, device)
    if name is None:
        if not offered:
            raise UsageError(f"{(device or plant).name} has no measurement sets")
        return ALL_SETS[offered[0].lower()]
    found = ALL_SETS.get(str(name).lower())
    if found is None or found not in (PLANT_SETS if device is None else DEVICE_SETS):
        known = [item.name for item in (PLANT_SETS if device is None else DEVICE_SETS)]
        raise UsageError(f"there is no set {name!r}{nearest(str(name), known)}")
    return found


def _span(plant: Plant, now: datetime, text: str, day: object) -> Span:
    period = parse_period(text)
    if period is None:
        raise UsageError(f"there is no period {text!r}{nearest(text, [item.value for item in Period])}")
    if day is None:
        yesterday = (
            now.astimezone(ZoneInfo(plant.timezone)) - timedelta(days=7 if period is Period.WEEK else 1)
        ).date()
        day = yesterday.isoformat()[: {Period.MONTH: 7, Period.YEAR: 4}.get(period, 10)]
    try:
        return parse_span(period, str(day))
    except ValueError as error:
        raise UsageError(str(error)) from None


def _print_json(plant: Plant, device: Device | None, wanted: MeasurementSet, table: Table) -> None:
    from mock_sma.sandbox.wire.measurements import measurement_body  # noqa: PLC0415 - as above

    say_json(measurement_body(plant, device, wanted, table, None).decode())


def _columns(table: Table) -> dict[str, list[float | None]]:
    """Return its scalars, and a column per input of each list: ``dcPowerInput.A``."""
    columns = dict(table.columns)
    for name, lists in table.indexed.items():
        for letter in dict.fromkeys(letter for row in lists for letter, _ in row):
            columns[f"{name}.{letter}"] = [dict(row).get(letter) for row in lists]
    return columns


def _print_csv(table: Table) -> None:
    columns = _columns(table)
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(["time", *columns])
    for index, stamp in enumerate(table.stamps):
        writer.writerow([stamp, *("" if cells[index] is None else cells[index] for cells in columns.values())])
    put(rows.getvalue())


def _print_table(
    plant: Plant, device: Device | None, wanted: MeasurementSet, span: Span, table: Table, *, energy: bool
) -> None:
    fine = span.period.is_fine and not energy
    units = {item.name: item.unit if fine or item.unit != "W" else "Wh" for item in wanted.properties}
    columns = _columns(table)
    where = plant.name if device is None else f"{device.name} of {plant.name}"
    when = "" if span.first is None else f" {span.first}"
    say(f"{where}: {wanted.name} {span.period}{when} ({table.resolution}, {plant.timezone})")
    if not table.stamps:
        say("no data")
        return
    labels = {name: f"{name} [{units[name.split('.')[0]]}]" for name in columns}
    width = shutil.get_terminal_size((100, 24)).columns
    changing = [name for name, cells in columns.items() if len({cell for cell in cells if cell is not None}) > 1]
    charted = [name for name in changing if name not in DERIVED][:CHARTED]
    for name in charted if len(table.stamps) > 1 else []:
        say(f"\n{labels[name]}")
        for line in chart(table.stamps, columns[name], min(width, 110)):
            say(line)
    rows = [index for index, stamp in enumerate(table.stamps) if len(table.stamps) <= MOST_ROWS or stamp[14:16] == "00"]
    say("")
    for line in _aligned(table, columns, labels, rows, width):
        say(line)
    if len(rows) < len(table.stamps):
        say(f"showing {len(rows)} of {len(table.stamps)} rows, one per hour; use --csv or --json for all of them")


def _aligned(
    table: Table, columns: dict[str, list[float | None]], labels: dict[str, str], rows: list[int], width: int
) -> list[str]:
    """Return a table's lines, in blocks of as many columns as fit beside one another."""
    texts = {name: [_number(cells[row]) for row in rows] for name, cells in columns.items()}
    widths = {name: max(map(len, [labels[name], *cells])) for name, cells in texts.items()}
    blocks: list[list[str]] = [[]]
    for name, own in widths.items():
        if blocks[-1] and 19 + sum(2 + widths[item] for item in blocks[-1]) + 2 + own > width:
            blocks.append([])
        blocks[-1].append(name)
    lines: list[str] = []
    for block in blocks:
        lines.append("  ".join([f"{'time':<19}", *(f"{labels[name]:>{widths[name]}}" for name in block)]))
        for place, row in enumerate(rows):
            lines.append("  ".join([table.stamps[row], *(f"{texts[name][place]:>{widths[name]}}" for name in block)]))
    return lines


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
