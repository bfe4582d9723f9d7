"""The same bytes on every machine: only operations that IEEE 754 rounds correctly, and golden sums."""

from __future__ import annotations

import ast
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core import _multiarray_umath

import mock_sma.simulation
from mock_sma.simulation import exact

FILES = sorted(Path(mock_sma.simulation.__file__).parent.glob("*.py"))

EXACT = {
    *("sqrt", "rint", "floor", "abs", "maximum", "minimum", "clip", "where", "ldexp", "float64", "int64", "int32"),
    *("uint64", "bool_", "arange", "array", "asarray", "zeros", "zeros_like", "ones", "full", "full_like", "tile"),
    *("repeat", "roll", "concatenate", "append", "diff", "cumsum", "flatnonzero", "searchsorted", "argsort"),
    *("bincount", "unique", "add", "inf", "pi", "stack", "empty", "frombuffer", "nan", "isnan", "nan_to_num"),
    *("sort", "split"),
}
"""Of NumPy: what is exact or correctly rounded, moves numbers about, counts, or adds in a fixed order."""


@pytest.mark.slow
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


@pytest.mark.slow
def test_golden_sums_hold_without_the_machines_vector_instructions() -> None:
    features = " ".join(name for name in _multiarray_umath.__cpu_dispatch__ if _multiarray_umath.__cpu_features__[name])
    code = "from tools.generated.golden import text; print(text())"
    plain = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": features},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    kept = (Path(__file__).parent / "golden.json").read_text(encoding="utf-8")
    assert plain.stdout.strip() == kept.strip(), "make generated writes it"
