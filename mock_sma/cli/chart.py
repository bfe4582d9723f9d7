"""A chart of block characters, for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS = " ▁▂▃▄▅▆▇█"
HEIGHT = 8
"""Lines of a chart."""

MARGIN = 11
"""Characters of the scale at the left."""


def chart(stamps: Sequence[str], values: Sequence[float | None], width: int) -> list[str]:
    """Return a chart's lines: bars from the smallest value or zero up, a scale, the first and the last stamp.

    Args:
        stamps: the stamps of the values.
        values: None leaves a gap.
        width: the width of the terminal [characters].
    """
    columns = max(min(width - MARGIN - 1, max(len(values), 1)), 1)
    # Few values get broad bars.
    broad = max((width - MARGIN - 1) // columns, 1) if len(values) <= columns else 1
    buckets = [
        _mean(values[number * len(values) // columns : (number + 1) * len(values) // columns])
        for number in range(columns)
    ]
    known = [value for value in buckets if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    lines = []
    for line in range(HEIGHT):
        floor = HEIGHT - 1 - line
        scale = high if line == 0 else low if floor == 0 else None
        text = "".join(_bar(value, low, high, floor) * broad for value in buckets)
        lines.append(f"{'' if scale is None else f'{scale:.6g}':>{MARGIN - 1}} {text}".rstrip())
    span = columns * broad
    first, last = stamps[0][:16], stamps[-1][:16]
    axis = first + last.rjust(span - len(first)) if span >= len(first) + len(last) + 1 else first
    return [*lines, " " * MARGIN + axis]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _bar(value: float | None, low: float, high: float, floor: int) -> str:
    if value is None or high == low:
        return " "
    eighths = (value - low) / (high - low) * HEIGHT * 8 - floor * 8
    return BLOCKS[round(min(max(eighths, 0.0), 8.0))]
