"""A change of a plant that is worked out when its time comes, from the plant as it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mock_sma.domain.plant import Plant


class PlantChange(Protocol):
    """What becomes of a plant, such as a merge patch (:class:`mock_sma.scenario_file.plant_patch.PlantPatch`)."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of what is changed, to be read."""

    def on(self, plant: Plant, people: Iterable[str], now: datetime) -> Plant:
        """Return the plant after the change.

        Args:
            plant: as it is; its id stays.
            people: e-mails that its users may have.
            now: aware instant of the change.

        Raises:
            ScenarioError: the outcome breaks a rule, or the change has mistakes of form.
        """
