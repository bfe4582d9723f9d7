"""The rows of Recent, Day and Week of one plant, from slots that are kept for a while."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.kept_blocks import KeptBlocks
from mock_sma.simulation.part import Detail, Former, Metered, Part
from mock_sma.simulation.reports import KINDS, lead, reports_of
from mock_sma.simulation.rows import View
from mock_sma.simulation.slots import SLOT

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.generator import Generator

EMPTY = np.zeros(0, dtype=np.int64)


class SlotRows:
    """Makes fine rows.

    Args:
        generator: of the plant.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.blocks = KeptBlocks(generator)
        self._before = None if generator.before is None else SlotRows(generator.before)

    @property
    def size(self) -> int:
        """Bytes kept, by and large."""
        return self.blocks.size + (0 if self._before is None else self._before.size)

    def none(self, strings: Device | None, *, energy: bool) -> Part:
        """Return no rows."""
        channels = [*self._generator.channels(), *self._generator.string_channels(strings)]
        return Part(EMPTY, dict.fromkeys(channels, EMPTY), watts=not energy)

    def part(self, first: date, count: int, view: View, strings: Device | None, *, energy: bool) -> Part:
        """Return the rows of local days; a gap that reaches into them is begun at its start.

        Args:
            strings: a device with whose strings' channels.
        """
        generator = self._generator
        today = datetime.fromtimestamp(view.seen.until - 1, generator.zone).date()
        if first > today or not view.has_rows(generator.days(first, count)):
            return self.none(strings, energy=energy)
        begun = lead(generator, view, first, count)
        extra = (first - begun).days
        block = self.blocks.at(begun, count + extra)
        if strings is not None:
            block = block.with_strings(strings)
        reports = reports_of(generator, block, view, strings.id if strings is not None else "")
        wanted = reports.rows.day >= extra
        known = reports.energy_wh if energy else reports.power_mw
        heard = {kind: mask[wanted] for kind in KINDS if (mask := reports.heard(kind)) is not None}
        balanced = reports.balanced
        return Part(
            reports.rows.ends[wanted],
            Metered(list(block.metered), lambda channel: known(channel)[wanted]),
            watts=not energy,
            heard=heard,
            balanced=None if balanced is None else balanced[wanted],
            whole=reports.whole(wanted),
            detail=Detail(generator, block, reports, wanted),
            former=self._former(first, count, view, strings, energy=energy),
        )

    def _former(self, first: date, count: int, view: View, strings: Device | None, *, energy: bool) -> Former | None:
        """Return the rows of the plant as it was; None: the days lie after the change."""
        generator, rows = self._generator, self._before
        before = generator.before
        if rows is None or before is None or generator.edge <= int(generator.days(first, 1).edges[0]):
            return None
        had = None if strings is None else before.plant.device(strings.id)
        had = had if had is not None and had.generates_pv else None
        part = rows.part(first, count, View(before, view.device_id, view.seen), had, energy=energy)
        return Former(before.plant, part, generator.edge * SLOT)
