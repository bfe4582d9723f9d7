"""What rows belong to, and which set they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import (
    ALL_SETS,
    DEVICE_SETS,
    ENERGY_AND_POWER_CONSUMPTION,
    ENERGY_AND_POWER_PV,
    PLANT_SETS,
)
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.reading import nearest
from mock_sma.errors import RowsError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant

GENERIC = ("power", "energy")
"""Columns whose meaning follows from what they belong to."""

CONSUMERS = (DeviceKind.CONSUMER, DeviceKind.EV_CHARGER)


@frozen
class RowsOwner:
    """A plant, or a device of it."""

    plant: Plant
    device: Device | None = None

    @property
    def offered(self) -> tuple[MeasurementSet, ...]:
        """The sets that it offers."""
        names = plant_sets(self.plant) if self.device is None else device_sets(self.plant, self.device)
        return tuple(ALL_SETS[name.lower()] for name in names)

    def named(self, name: str) -> MeasurementSet:
        """Return the set that is called so.

        Raises:
            RowsError: there is none, or it has no rows to be replaced here.
        """
        found = ALL_SETS.get(name.lower())
        known = PLANT_SETS if self.device is None else DEVICE_SETS
        if found is None or found not in known:
            raise RowsError(f"there is no set {name!r}{nearest(name, [item.name for item in known])}")
        if found not in self.offered:
            raise RowsError(self._unoffered(found.name))
        return found

    def of_columns(self, names: Sequence[str]) -> MeasurementSet:
        """Return the one set that has properties of all these names.

        Raises:
            RowsError: none has, or several have.
        """
        bare = {name.partition(".")[0] for name in names}
        fitting = [item for item in self.offered if bare <= {own.name for own in item.properties}]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            # PV alone is a set of its own; as a part of a larger one it would leave the rest out.
            whole = [item for item in fitting if bare == {own.name for own in item.properties}]
            if len(whole) == 1:
                return whole[0]
            raise RowsError(f"its columns fit {' and '.join(item.name for item in fitting)}; say which with 'set'")
        raise RowsError(self._strange(names))

    def generic(self) -> tuple[MeasurementSet, str]:
        """Return the set and the property that plain power or energy is of.

        Raises:
            RowsError: it is not clear which.
        """
        device = self.device
        if device is None or device.generates_pv:
            return self.named(ENERGY_AND_POWER_PV.name), "pvGeneration"
        if device.kind in CONSUMERS:
            return self.named(ENERGY_AND_POWER_CONSUMPTION.name), "consumption"
        names = [own.name for item in self.offered for own in item.properties]
        raise RowsError(
            f"of a {device.kind.value} it is not clear which power that is; name the column{nearest('', names)}"
        )

    def _strange(self, names: Sequence[str]) -> str:
        known = list(dict.fromkeys(own.name for item in self.offered for own in item.properties))
        if not known:
            return "it offers no measurement set, so no rows of it can be served"
        for name in names:
            if name.partition(".")[0] not in known:
                return f"there is no column {name!r}{nearest(name, [*known, *GENERIC])}"
        sets = "; ".join(f"{item.name}: {', '.join(own.name for own in item.properties)}" for item in self.offered)
        return f"its columns are of several sets, and a file holds one: {sets}"

    def _unoffered(self, name: str) -> str:
        offered = ", ".join(item.name for item in self.offered) or "no set at all"
        who = "the plant" if self.device is None else self.device.name
        return f"{who} does not offer {name}, so nobody could ask for it; it offers {offered}"
