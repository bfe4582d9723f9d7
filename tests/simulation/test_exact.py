"""The same bytes on every machine: only operations that IEEE 754 rounds correctly, and golden sums."""

from __future__ import annotations

import ast
import hashlib
import json
import math
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy._core import _multiarray_umath

import mock_sma.simulation
from mock_sma.domain.period import Period, Span
from mock_sma.simulation import exact
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE, JUNE, ask

FILES = sorted(Path(mock_sma.simulation.__file__).parent.glob("*.py"))

EXACT = {
    *("sqrt", "rint", "floor", "abs", "maximum", "minimum", "clip", "where", "ldexp", "float64", "int64", "int32"),
    *("uint64", "bool_", "arange", "array", "asarray", "zeros", "zeros_like", "ones", "full", "full_like", "tile"),
    *("repeat", "roll", "concatenate", "append", "diff", "cumsum", "flatnonzero", "searchsorted", "argsort"),
    *("bincount", "add", "inf", "pi"),
}
"""Of NumPy: what is exact or correctly rounded, moves numbers about, counts, or adds in a fixed order."""


def test_the_simulation_uses_nothing_of_numpy_that_depends_on_the_machine() -> None:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np":
                assert node.attr in EXACT, f"{file.name}:{node.lineno} np.{node.attr}"
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
                assert ast.unparse(node) == "2.0 ** (-53)" or ast.unparse(node) == "2.0 ** -53", f"{file.name}: a power"
            if isinstance(node, ast.Import):
                assert "math" not in [alias.name for alias in node.names], f"{file.name} imports math"


def test_the_check_sees_a_sine() -> None:
    node = ast.parse("np.sin(x)").body[0]
    names = {item.attr for item in ast.walk(node) if isinstance(item, ast.Attribute)}
    assert names - EXACT == {"sin"}


def test_sine_cosine_and_exponential_are_those_of_the_library() -> None:
    turns = np.linspace(-3.0, 3.0, 4_001)
    sine, cosine = exact.sin_cos(turns)
    assert np.abs(sine - np.sin(2.0 * math.pi * turns)).max() < 1e-10
    assert np.abs(cosine - np.cos(2.0 * math.pi * turns)).max() < 1e-10
    x = np.linspace(-60.0, 60.0, 4_001)
    assert np.abs(exact.exp(x) / np.exp(x) - 1.0).max() < 1e-9
    assert exact.sin_cos_degrees(30.0) == pytest.approx((0.5, math.sqrt(0.75)))


OWNERS = {"PowerAc": "107", "PowerDc": "101", "EnergyAndPowerBattery": "103", "Sensor": "106"}
GOLDEN = {
    "EnergyBalance Day": "8b3532841f8f728e",
    "EnergyBalance Year": "9f8aa7114d1c0b3e",
    "PowerAc Day": "da655bae5a9b152e",
    "PowerDc Day": "6b95641e816d8275",
    "EnergyAndPowerBattery Day": "3f83b6969d12bccf",
    "Sensor Day": "7a552c02e0561a02",
}
"""Sums of what one seed gives. A change here changes everybody's data: say so in the changelog."""


def digest(question: str) -> str:
    name, period = question.split()
    span = Span(Period(period), JUNE if period == "Day" else date(2024, 1, 1))
    table = ask(PlantSimulator(HOUSE, 7), name, span, OWNERS.get(name))
    text = json.dumps([table.stamps, table.columns, table.indexed], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("question", GOLDEN)
def test_golden_sums(question: str) -> None:
    assert digest(question) == GOLDEN[question]


def test_golden_sums_hold_without_the_machines_vector_instructions() -> None:
    features = " ".join(name for name in _multiarray_umath.__cpu_dispatch__ if _multiarray_umath.__cpu_features__[name])
    code = "from tests.simulation.test_exact import GOLDEN, digest; print([digest(q) for q in GOLDEN])"
    plain = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": features},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    assert plain.stdout.strip() == str(list(GOLDEN.values()))
