"""The command import: a scenario of real traffic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.command import whole
from mock_sma.cli.output import say
from mock_sma.errors import ArchiveError, MockSmaError, ScenarioError, UsageError
from mock_sma.seeding import DEFAULT_SEED

if TYPE_CHECKING:
    from argparse import ArgumentParser

EPILOG = (
    "Plants, devices and the rows of all Days are those of the traffic; rows become CSV files beside the scenario. "
    "People, names, addresses and serial numbers are replaced unless --keep-names says otherwise; ids stay, so that "
    "the same questions can be asked. What the traffic does not hold is simulated, and the head of the file says so."
)


def add_import(importing: ArgumentParser) -> None:
    """Add the options of the command."""
    importing.epilog = EPILOG
    importing.add_argument("files", metavar="FILE.har", nargs="+", help="archive, or folder of answers, as of witness")
    importing.add_argument("--out", metavar="SCENARIO.yaml", required=True, help="scenario file to write")
    importing.add_argument("--keep-names", action="store_true", help="keep names, people, addresses and serial numbers")
    importing.add_argument("--seed", type=whole, default=DEFAULT_SEED, help="chooses serial numbers")
    importing.set_defaults(run=_import)


def _import(arguments: dict[str, object]) -> int:
    # What is loaded here costs a second: the other commands do without.
    from mock_sma.archive.reading import exchanges_of  # noqa: PLC0415
    from mock_sma.importer.collected import collect  # noqa: PLC0415
    from mock_sma.importer.names import Names  # noqa: PLC0415
    from mock_sma.importer.scenario import head_of, scenario_of_traffic  # noqa: PLC0415
    from mock_sma.scenarios import load_file  # noqa: PLC0415
    from mock_sma.scenarios.dump import text_of_document  # noqa: PLC0415

    out, files, seed = Path(str(arguments["out"])), arguments["files"], arguments["seed"]
    if out.suffix.lower() not in (".yaml", ".yml"):
        raise UsageError(f"{out}: the name of a scenario file ends in .yaml or .yml")
    if out.exists():
        raise MockSmaError(f"{out} already exists; choose another name")
    assert isinstance(files, list)
    assert isinstance(seed, int)
    found = collect(exchange for file in files for exchange in exchanges_of(Path(file)))
    made = scenario_of_traffic(found, Names(seed, keep=bool(arguments["keep_names"])), out.stem)
    head = head_of(made.notes, f"{found.used} answers")
    texts = {out.parent / name: text for name, text in made.files.items()}
    texts[out] = head + text_of_document(made.document)
    there = [file for file in texts if file.exists()]
    if there:
        raise MockSmaError(f"{there[0]} already exists; choose another name for --out")
    try:
        for file, text in texts.items():
            file.write_text(text, encoding="utf-8")
        scenario = load_file(out)
    except BaseException as error:
        for file in texts:
            file.unlink(missing_ok=True)
        if isinstance(error, ScenarioError):
            raise ArchiveError(f"the traffic makes no scenario, and nothing is written: {error}") from None
        raise
    for note in made.notes:
        say(note)
    count = len(scenario.plants)
    say(f"wrote {out} and {len(made.files)} files of rows, {count} plants; now: mock-sma serve --scenario {out}")
    return 0
