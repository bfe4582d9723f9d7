"""What a token may see now: consented, and still owned by who consented (R07 to R12)."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from mock_sma.domain.people import MONITORING_SCOPE
from mock_sma.domain.transitions import PlantAccess, plants_that_are
from mock_sma.frozen import frozen
from mock_sma.sandbox.world.consents.hidden import hidden_from

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.world.consents.hidden import Hidden
    from mock_sma.sandbox.world.consents.records import ConsentRecords
    from mock_sma.sandbox.world.estate import Estate


@frozen
class Permitted:
    """What a token may see now.

    Attributes:
        plants: in the order of the estate.
        ids: the ids of these plants.
        hidden: why the others are closed, once somebody has worked it out.
    """

    plants: tuple[Plant, ...]
    ids: frozenset[str]
    hidden: list[Hidden] = field(default_factory=list, compare=False)


class Permissions:
    """Asks consents and owner flags together; remembers the answer until one of them changes."""

    def __init__(self, estate: Estate, consents: ConsentRecords) -> None:
        self._estate = estate
        self._consents = consents
        self._permitted: dict[object, Permitted] = {}
        self._permitted_at = (-1, -1)

    def permitted(self, access: Access) -> Permitted:
        """Return the plants a token may see now: consented, and still owned by who consented (R07 to R12)."""
        versions = (self._consents.version, self._estate.version)
        if versions != self._permitted_at:
            self._permitted.clear()
            self._permitted_at = versions
        key = (access.client_id, access.user, access.scopes)
        found = self._permitted.get(key)
        if found is None:
            found = self._permitted[key] = self._find_permitted(access)
        return found

    def hidden(self, access: Access) -> list[Hidden]:
        """Return the plants that a token may not see now, by the reason; worked out once, as what it may see."""
        permitted = self.permitted(access)
        if (
            not permitted.hidden
        ):  # of a large portfolio it costs more than all else, and lists are asked again and again
            permitted.hidden.extend(hidden_from(self._estate, self._consents, access, permitted.ids))
        return permitted.hidden

    def _find_permitted(self, access: Access) -> Permitted:
        ids: set[str] = set()
        estate = self._estate
        if MONITORING_SCOPE in access.scopes:
            for record in self._consents.granted(access.client_id, access.user):
                owned = set(estate.owned_by(record.email))
                ids |= plants_that_are(PlantAccess.OPEN, covered=set(record.plants), owned=owned)
        plants = tuple(plant for plant in estate.plants.values() if plant.id in ids)
        return Permitted(plants, frozenset(ids))
