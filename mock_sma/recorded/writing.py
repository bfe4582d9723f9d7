"""A recording as CSV, in the form that is read."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ALL_SETS, Nature

if TYPE_CHECKING:
    from mock_sma.domain.recording import Recording


def text_of(recording: Recording) -> str:
    """Return its rows with times in UTC; reading them gives the same recording, but for where it came from."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    energies = {item.name for item in ALL_SETS[recording.set_name.lower()].properties if item.nature is Nature.ENERGY}
    mark = " [Wh]" if recording.is_energy else ""
    writer.writerow(
        ["time", *(name + mark if name.partition(".")[0] in energies else name for name, _ in recording.columns)]
    )
    columns = [memoryview(values).cast("d").tolist() for _, values in recording.columns]
    for end, *cells in zip(memoryview(recording.ends).cast("q").tolist(), *columns, strict=True):
        stamp = datetime.fromtimestamp(end, UTC).isoformat(timespec="seconds")
        writer.writerow([stamp, *("" if cell != cell else repr(cell) for cell in cells)])  # noqa: PLR0124 - NaN
    return text.getvalue()
