"""Which of a plant's sets have recorded rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.overlay.fine_rows import ReplayQuery
from mock_sma.overlay.joined import total_of, total_of_values
from mock_sma.overlay.replay import Replay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.recording import Recording
    from mock_sma.domain.scenario import DstFold
    from mock_sma.simulation.table import Table, Total


class Replays:
    """The recorded rows of a plant and its devices, by set.

    Args:
        plant: the plant.
        fold: what is sent for the repeated hour of an autumn day.
    """

    def __init__(self, plant: Plant, fold: DstFold) -> None:
        self._plant = plant
        self._fold = fold
        self._recordings: dict[str | None, tuple[Recording, ...]] = {None: plant.data} if plant.data else {}
        self._recordings |= {item.id: item.data for item in plant.devices if item.data}
        self._known: dict[tuple[str, str | None], Replay | None] = {}

    def of(self, measurement_set: MeasurementSet, device_id: str | None) -> Replay | None:
        """Return the recorded rows of a set of the plant (None) or of a device; None: there are none."""
        recordings = self._recordings.get(device_id)
        if recordings is None:
            return None
        key = (measurement_set.name, device_id)
        if key not in self._known:
            held = _holding(recordings, measurement_set)
            self._known[key] = Replay(held, measurement_set, self._plant, self._fold) if held else None
        return self._known[key]

    def table(
        self,
        measurement_set: MeasurementSet,
        device_id: str | None,
        span: Span,
        until: int,
        *,
        energy: bool,
        simulate: Callable[[Span, bool], Table],
    ) -> Table:
        """Return the rows of a set, simulated where no recorded ones cover; see :class:`ReplayQuery`."""
        replay = self.of(measurement_set, device_id)
        asked = ReplayQuery(span, until, energy)
        return simulate(span, energy) if replay is None else replay.served(asked, simulate)

    def total(
        self, measurement_set: MeasurementSet, asked: tuple[str | None, Span, int], table: Callable[[], Table]
    ) -> Total:
        """Return what was recorded as the total of a span, or else the sums of its rows.

        Args:
            asked: id of the device, the span, and the end of the last interval that can be seen [s since the epoch].
            table: makes the rows.
        """
        device_id, span, until = asked
        for recording in self._recordings.get(device_id, ()):
            for total in recording.totals:
                is_asked = recording.set_name == measurement_set.name and total.span == span
                if is_asked and (total.until is None or until <= total.until):
                    return total_of_values(total.values)
        return total_of(table(), measurement_set)

    def touch(self, measurement_set: MeasurementSet, device_id: str | None, span: Span, until: int) -> bool:
        """Tell whether anything of a span may be recorded (see :meth:`Replay.touches`)."""
        replay = self.of(measurement_set, device_id)
        return replay is not None and replay.touches(span, until)


def _holding(recordings: Sequence[Recording], measurement_set: MeasurementSet) -> Sequence[Recording]:
    """Return the rows of a set itself, or else those of larger sets that hold all of its properties."""
    own = [item for item in recordings if item.set_name == measurement_set.name]
    return own or [item for item in recordings if _holds(item, measurement_set)]


def _holds(recording: Recording, measurement_set: MeasurementSet) -> bool:
    known = {item.name: item for item in ALL_SETS[recording.set_name.lower()].properties}
    has = set(recording.names)
    return all(item.name in has and known[item.name] == item for item in measurement_set.properties)
