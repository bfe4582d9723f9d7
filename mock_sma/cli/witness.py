"""The command witness: real traffic held against the emulator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.output import say, say_json

if TYPE_CHECKING:
    from argparse import ArgumentParser

EPILOG = (
    "Files are archives (HAR) of browsers, mitmproxy, mock-sma record or GET /_mock/requests?format=har; or folders of "
    'JSON files, each {"url": …, "body": …}, or a body with its URL in a .url file beside it. Nothing of them is '
    "printed or written but shapes: members, types, forms of numbers, statuses, SMA's own words. Exit status 1 where "
    "a row is refuted."
)


def add_witness(witness: ArgumentParser) -> None:
    """Add the options of the command."""
    witness.epilog = EPILOG
    witness.add_argument("files", metavar="FILE.har", nargs="+", help="archive, or folder of answers")
    form = witness.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON, with all rows")
    form.add_argument("--markdown", action="store_true", help="print Markdown for a pull request or an issue")
    witness.add_argument("--out", metavar="SHAPES.json", help="write the shapes to a file that can be shared")
    witness.set_defaults(run=_witness)


def _witness(arguments: dict[str, object]) -> int:
    # What is loaded here costs a second: the other commands do without.
    from mock_sma.archive.reading import exchanges_of  # noqa: PLC0415
    from mock_sma.fidelity import load_ledger  # noqa: PLC0415
    from mock_sma.witness import report  # noqa: PLC0415
    from mock_sma.witness.evidence import RowVerdict  # noqa: PLC0415
    from mock_sma.witness.judge import judge  # noqa: PLC0415

    files = arguments["files"]
    assert isinstance(files, list)
    evidence = judge((exchange for file in files for exchange in exchanges_of(Path(file))), load_ledger())
    if arguments["json"]:
        say_json(json.dumps(report.document(evidence)))
    else:
        for line in (report.markdown if arguments["markdown"] else report.table)(evidence):
            say(line)
    if arguments["out"] is not None:
        text = json.dumps(report.shapes(evidence), indent=1)
        Path(str(arguments["out"])).write_text(text + "\n", encoding="utf-8")
    return 1 if evidence.of(RowVerdict.REFUTED) else 0
