"""Elementary functions made of operations that IEEE 754 rounds correctly, and so the same on every machine.

NumPy's ``sin`` or ``exp`` take another path on another processor and differ in the last digit; addition,
multiplication, division, square root, rounding and comparison do not. The simulation uses nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats

_TWO_PI = 6.283185307179586
_LN2 = 0.6931471805599453

# Taylor coefficients; their remainders are below 1e-11 within the reduced ranges.
_SINE = (
    -1.0 / 1_307_674_368_000.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 39_916_800.0,
    1.0 / 362_880.0,
    -1.0 / 5_040.0,
    1.0 / 120.0,
    -1.0 / 6.0,
    1.0,
)
_COSINE = (
    1.0 / 20_922_789_888_000.0,
    -1.0 / 87_178_291_200.0,
    1.0 / 479_001_600.0,
    -1.0 / 3_628_800.0,
    1.0 / 40_320.0,
    -1.0 / 720.0,
    1.0 / 24.0,
    -0.5,
    1.0,
)
_EXP = (1.0 / 362_880.0, 1.0 / 40_320.0, 1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0)


def polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    """Return a polynomial, highest power first (Horner)."""
    result = x * coefficients[0]
    result += coefficients[1]
    for coefficient in coefficients[2:]:
        result *= x
        result += coefficient
    return result


def sin_cos(turns: Floats) -> tuple[Floats, Floats]:
    """Return sine and cosine of angles in whole turns; absolute error below 1e-10.

    By way of the half angle, which lies within a quarter turn.
    """
    half = (turns - np.rint(turns)) * (_TWO_PI / 2.0)
    square = half * half
    sine = half * polynomial(_SINE, square)
    return 2.0 * sine * polynomial(_COSINE, square), 1.0 - 2.0 * sine * sine


def sin_cos_degrees(degrees: float) -> tuple[float, float]:
    """Return sine and cosine of one angle [°]: the same numbers, ten times as fast as an array of one."""
    turns = degrees / 360.0
    half = (turns - round(turns)) * (_TWO_PI / 2.0)
    square = half * half
    sine = half * _value(_SINE, square)
    return 2.0 * sine * _value(_COSINE, square), 1.0 - 2.0 * sine * sine


def _value(coefficients: tuple[float, ...], x: float) -> float:
    result = 0.0
    for coefficient in coefficients:
        result = result * x + coefficient
    return result


def exp(x: Floats) -> Floats:
    """Return the exponential of numbers between -700 and 700; relative error below 1e-9."""
    power = np.rint(x / _LN2)
    return np.asarray(np.ldexp(polynomial(_EXP, x - power * _LN2), power.astype(np.int32)))
