"""The command openapi."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.output import put
from mock_sma.openapi import openapi_document
from mock_sma.sandbox.table.operations import OPERATIONS

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_openapi(openapi: ArgumentParser) -> None:
    """Add the options of the command."""
    openapi.add_argument("--out", metavar="FILE", help="write to this file instead of standard output")
    openapi.set_defaults(run=_openapi)


def _openapi(arguments: dict[str, object]) -> int:
    text = json.dumps(openapi_document(OPERATIONS), indent=2, ensure_ascii=False) + "\n"
    if arguments["out"] is None:
        put(text)
    else:
        Path(str(arguments["out"])).write_text(text, encoding="utf-8")
    return 0
