"""Reads one day of all plants: ``python -m solar_reader --day 2025-06-14 --out energies.json``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

import httpx

from solar_reader.collector import Collector, UnavailableError
from solar_reader.store import Store

PAUSE = 0.2
"""First pause after an error [s]: somebody waits for this program."""


def main() -> None:
    """Write the day's energies [Wh] by plant; exit with 1 where they cannot be read."""
    parser = argparse.ArgumentParser(prog="solar_reader")
    parser.add_argument("--day", type=date.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, default=os.environ.get("MOCK_SMA_ANSWER", "energies.json"))
    given = parser.parse_args()
    store = Store()
    collector = Collector(os.environ["MOCK_SMA_CLIENT_ID"], os.environ["MOCK_SMA_CLIENT_SECRET"], store, pause=PAUSE)
    try:
        plants = collector.read_once(given.day)
    except (UnavailableError, httpx.HTTPError) as error:
        sys.exit(f"solar_reader: {error!r}")
    answer = {plant: {str(given.day): store.energies(plant, given.day)} for plant in plants}
    Path(given.out).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
