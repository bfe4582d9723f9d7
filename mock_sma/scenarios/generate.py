"""``generate``: a large portfolio in one line, the same for the same seed.

Names and places come from small tables of our own rather than from Faker, so that a plain installation loads
every shipped scenario, in milliseconds, and a new Faker version changes nobody's world.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mock_sma.domain.reading import nearest
from mock_sma.mistakes.complaints import complain
from mock_sma.scenario_file.document import UserDoc
from mock_sma.scenario_file.generate_document import GenerateDoc
from mock_sma.scenario_file.plant_document import AddressDoc, EventDoc, PlantDoc
from mock_sma.scenario_file.templates import templates_of
from mock_sma.scenarios.names import ABROAD, FIRST_NAMES, GERMANY, LAST_NAMES, STREETS
from mock_sma.scenarios.variants import Variants
from mock_sma.seeding import DEFAULT_SEED, key, splitmix64, uniform_at, uuid_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.scenario_file.source import Source

TROUBLES = {"gap": "gap", "fault": "device-fault"}
"""Kinds of events by what ``status`` calls them."""


class PortfolioGenerator:
    """Makes plants and their owners as checked documents.

    Args:
        wish: what is asked for.
        seed: the seed of all random numbers.
        templates: keys of plants, by the names that the wish mixes.
    """

    def __init__(self, wish: GenerateDoc, seed: int, templates: Mapping[str, Any]) -> None:
        self.wish = wish
        self.stream = key(seed, "generate")
        self._key = cache(lambda what: key(self.stream, what))
        self._variants = Variants(templates)
        self._address = AddressDoc()
        self._troubles = {
            status: (EventDoc.model_validate({"kind": kind, "start": "-P1D"}),) for status, kind in TROUBLES.items()
        }
        self._numbers = [splitmix64(number) for number in range(max(wish.count, wish.owners))]
        self.owners = [self._person(number) for number in range(wish.owners)]
        self.countries = [self._weighted(wish.countries, number, "country") for number in range(wish.owners)]

    def users(self) -> list[UserDoc]:
        """Return the owners' accounts."""
        pattern = UserDoc(email="owner@example.org")
        return [
            pattern.model_copy(update={"email": email, "name": name, "country": country})
            for (name, email), country in zip(self.owners, self.countries, strict=True)
        ]

    def plants(self) -> list[PlantDoc | dict[str, Any]]:
        """Return the plants; ids of ennexOS plants leave room for their devices."""
        return [self._plant(number) for number in range(self.wish.count)]

    def _chance(self, number: int, what: str) -> float:
        return uniform_at(self._key(what), self._numbers[number])

    def _pick(self, table: tuple[Any, ...], number: int, what: str) -> Any:
        return table[int(self._chance(number, what) * len(table))]

    def _person(self, number: int) -> tuple[str, str]:
        first = self._pick(FIRST_NAMES, number, "first")
        last = self._pick(LAST_NAMES, number, "last")
        return f"{first} {last}", f"{first}.{last}.{number + 1}@example.org".lower()

    def _weighted(self, weights: Mapping[str, float], number: int, what: str) -> str:
        left = self._chance(number, what) * sum(weights.values())
        for name, weight in weights.items():
            left -= weight
            if left < 0:
                return name
        return next(iter(weights))

    def _plant(self, number: int) -> PlantDoc | dict[str, Any]:
        owner = number % len(self.owners)
        name, email = self.owners[owner]
        country = self.countries[owner]
        city, zip_code, state, latitude, longitude, zone = self._pick(ABROAD.get(country, GERMANY), number, "city")
        address = {
            "country": country,
            "federal_state": state,
            "city": city,
            "zip_code": zip_code,
            "street": self._pick(STREETS, number, "street"),
            "street_no": str(1 + int(self._chance(number, "no") * 80)),
        }
        return self._variants.plant(
            self._weighted(self.wish.mix, number, "template"),
            self._size(number),
            self._turn(number),
            is_south=latitude < 0.0,
            id=self._id(number),
            name=f"{name.split()[-1]} {city} {number + 1}",
            timezone=zone,
            latitude=round(latitude + self._chance(number, "north") * 0.1 - 0.05, 4),
            longitude=round(longitude + self._chance(number, "east") * 0.1 - 0.05, 4),
            commissioned=self._day(number),
            address=self._address.model_copy(update=address),
            owner=email,
            **self._trouble(number),
        )

    def _size(self, number: int) -> float:
        """Return a factor of the template's powers, one of nine: as many are small as are large."""
        low, high = self.wish.sizes
        step = int(self._chance(number, "size") * 9)
        return float(round(low * (high / low) ** (step / 8), 3))

    def _turn(self, number: int) -> float:
        """Return how far the modules turn from the template's direction, one of nine angles [°]."""
        step = int(self._chance(number, "direction") * 9)
        return float(round(self.wish.directions * (step / 4 - 1), 1))

    def _trouble(self, number: int) -> dict[str, Any]:
        status = self._weighted(self.wish.status, number, "status")
        return {"events": self._troubles[status]} if status in TROUBLES else {}

    def _day(self, number: int) -> date:
        first, last = self.wish.commissioned
        year, month = int(self._chance(number, "year") * (last - first + 1)), int(self._chance(number, "month") * 9)
        return date(first + year, 1 + month, 1)

    def _id(self, number: int) -> str:
        if self._chance(number, "backend") >= self.wish.classic:
            return str(self.wish.first_id + number * self.wish.id_step)
        high, low = splitmix64(self.stream ^ (2 * number)), splitmix64(self.stream ^ (2 * number + 1))
        return uuid_of((high << 64 | low).to_bytes(16, "big"))


def generated(source: Source) -> dict[str, Any]:
    """Return a source's document with what ``generate`` asks for among its users and plants; mistakes go into it."""
    value: dict[str, Any] = source.value
    if value.get("generate") is None:
        return value
    rest = {name: item for name, item in value.items() if name != "generate"}
    try:
        wish = GenerateDoc.model_validate(value["generate"])
    except ValidationError as error:
        complain(source, error, value, ("generate",))
        return rest
    known = templates_of(value)
    for name in wish.mix:
        if name not in known:
            source.add(("generate", "mix", name), f"unknown template {name!r}{nearest(name, list(known))}")
            return rest
    seed = value.get("seed")
    generator = PortfolioGenerator(wish, seed if isinstance(seed, int) else DEFAULT_SEED, known)
    for name, made in (("users", generator.users()), ("plants", generator.plants())):
        given = rest.get(name) or []
        if isinstance(given, list):
            rest[name] = [*given, *made]
    return rest
