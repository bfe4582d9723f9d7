"""Climate normals of sites on all continents: sunshine and temperature, as weather services publish them.

Rounded to whole hours and tenths of a degree. They make data look like a place's, and are no climate record. Most were
put down from memory and then held against what could be read: above all two lists that gather the services' normals,
Wikipedia's cities by sunshine duration (of about 2022) and by average temperature (of about 2021 to 2024); they name no
period. Of the sites behind the first thirty or so most of the sunshine is from memory: better than none near a place.
Each site says what it was held against, and what of it is still from memory; docs/simulation.md has the deviations.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from mock_sma.domain.site import DAYS, Site

LISTS = "both lists"
"""Sunshine agrees within 9 % of every month and 3 % of the year, temperature within 1 K."""


def _site(keys: dict[str, Any]) -> Site:
    months = {name: tuple(keys[name]) for name in ("sunshine", "temperature")}
    return Site(**{**keys, **months})


SITES = tuple(map(_site, orjson.loads(Path(__file__).with_name("sites.json").read_bytes())))
"""All of them: the table beside this file."""

__all__ = ["DAYS", "LISTS", "SITES", "Site"]
