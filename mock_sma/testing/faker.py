"""A Faker provider for what SMA's Monitoring API shows: invented, and nobody's.

>>> from faker import Faker
>>> fake = Faker("de_DE")
>>> fake.add_provider(SmaProvider)
>>> fake.sma_plant_name()  # doctest: +SKIP
'Solaranlage Am Mühlbach 7'
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

try:
    from faker.providers import BaseProvider
except ImportError as error:
    raise ImportError("mock_sma.testing.faker needs Faker: pip install faker") from error

from mock_sma.domain.event import LogLevel
from mock_sma.domain.reading import nearest
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILIES: dict[str, tuple[str, tuple[tuple[str, int], ...]]] = {
    "inverter": ("30", (("STP10.0-3AV-40", 9346), ("SB5.0-1AV-41", 9402), ("STP50-41", 9431))),
    "battery": ("31", (("SBS6.0-10", 9359),)),
    "charger": ("32", (("EVC22-3AC-10", 9385),)),
    "meter": ("19", (("Energy Meter", 9307),)),
    "consumer": ("21", (("Remote Socket", 9111),)),
}
"""By family: the two digits that our serials begin with, and products with their ids.

Names and ids are those that the shipped scenarios use. The digits are ours (assumed): they keep the families apart, and
say nothing about SMA's serial numbers.
"""

_ROOFS = ("Carport", "Scheune", "Süddach", "Werkhalle", "Ostflügel", "Sonnenhof", "Kindergarten", "Sporthalle", "Mühle")
_WORDS = ("Am Anger", "Am Bach", "An der Linde", "Hinterm Deich", "Im Winkel", "Oberdorf", "Unterdorf", "Zum Wald")
_EVENTS: Mapping[LogLevel, tuple[str, ...]] = {
    LogLevel.INFO: ("Device started", "Parameters were set", "Feed-in is limited", "Update is complete"),
    LogLevel.WARNING: ("Data arrive late", "Derating", "Battery temperature is high"),
    LogLevel.ERROR: ("Device fault", "Grid failure", "Insulation resistance is low"),
    LogLevel.DISTURBANCE: ("Communication with the plant is interrupted", "Meter does not answer"),
}
"""Texts of our own; none is SMA's."""


class SmaProvider(BaseProvider):
    """Plants, devices, people and events as they might stand in an answer."""

    def sma_plant_name(self) -> str:
        """Return a name of a plant, with umlauts at times: ``Scheune Am Bach 12``."""
        number = self.random_int(1, 120)
        return f"{self.random_element(_ROOFS)} {self.random_element(_WORDS)} {number}"

    def sma_plant_id(self, backend: str | None = None) -> str:
        """Return a plant's id: digits for ``ennexos``, a GUID for ``classic`` (R19); None: either."""
        if backend is None:
            backend = self.random_element(("ennexos", "classic"))
        if backend not in ("ennexos", "classic"):
            raise UsageError(f"no backend {backend!r}{nearest(backend, ('ennexos', 'classic'))}")
        return self.sma_numeric_id() if backend == "ennexos" else self.sma_guid()

    def sma_numeric_id(self) -> str:
        """Return an id of a plant or device on ennexOS: digits only."""
        return str(self.random_int(1, 99_999_999))

    def sma_guid(self) -> str:
        """Return an id of a plant or device on Classic: a GUID (8-4-4-4-12)."""
        return str(UUID(int=self.generator.random.getrandbits(128), version=4))

    def sma_product(self, family: str | None = None) -> tuple[str, int]:
        """Return a product's name and its id.

        Args:
            family: one of :data:`FAMILIES`; None: any.

        Raises:
            UsageError: another family.
        """
        product: tuple[str, int] = self.random_element(self._family(family)[1])
        return product

    def sma_serial(self, family: str | None = None) -> str:
        """Return a serial number of ten digits; two serials of one family begin alike."""
        return f"{self._family(family)[0]}{self.random_int(0, 99_999_999):08d}"

    def sma_owner_email(self) -> str:
        """Return an owner's address in a domain that can belong to nobody (RFC 2606)."""
        return f"owner{self.random_int(1, 99_999)}@example.{self.random_element(('org', 'com', 'net'))}"

    def sma_log_level(self) -> str:
        """Return a level of the logs."""
        return str(self.random_element(tuple(LogLevel)).value)

    def sma_event_text(self, level: str | None = None) -> str:
        """Return the text of an event.

        Args:
            level: ``Info``, ``Warning``, ``Error`` or ``Disturbance``; None: any.

        Raises:
            UsageError: another level.
        """
        known = [item.value for item in LogLevel]
        if level is not None and level not in known:
            raise UsageError(f"no level {level!r}{nearest(level, known)}")
        return str(self.random_element(_EVENTS[LogLevel(level or self.sma_log_level())]))

    def _family(self, family: str | None) -> tuple[str, tuple[tuple[str, int], ...]]:
        if family is None:
            family = self.random_element(tuple(FAMILIES))
        if family not in FAMILIES:
            raise UsageError(f"no family {family!r}{nearest(family, list(FAMILIES))}")
        return FAMILIES[family]
