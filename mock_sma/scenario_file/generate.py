"""``generate``: a large portfolio in one line, the same for the same seed.

Names and places come from small tables of our own rather than from Faker, so that a plain installation loads
every shipped scenario, in milliseconds, and a new Faker version changes nobody's world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from mock_sma.scenario_file.names import CITIES, FIRST_NAMES, LAST_NAMES, STREETS
from mock_sma.seeding import key, splitmix64, uniform

if TYPE_CHECKING:
    from mock_sma.scenario_file.document import GenerateDoc


class PortfolioGenerator:
    """Makes plants and their owners as documents.

    Args:
        wish: what is asked for.
        seed: the seed of all random numbers.
    """

    def __init__(self, wish: GenerateDoc, seed: int) -> None:
        self.wish = wish
        self.stream = key(seed, "generate")
        self.owners = [self._person(number) for number in range(wish.owners)]

    def users(self) -> list[dict[str, Any]]:
        """Return the owners' accounts."""
        return [{"email": email, "name": name, "country": "DE"} for name, email in self.owners]

    def plants(self) -> list[dict[str, Any]]:
        """Return the plants; ids of ennexOS plants leave room for their devices."""
        return [self._plant(number) for number in range(self.wish.count)]

    def _chance(self, number: int, what: str) -> float:
        return uniform(key(self.stream, what), number)

    def _pick(self, table: tuple[Any, ...], number: int, what: str) -> Any:
        return table[int(self._chance(number, what) * len(table))]

    def _person(self, number: int) -> tuple[str, str]:
        first = self._pick(FIRST_NAMES, number, "first")
        last = self._pick(LAST_NAMES, number, "last")
        return f"{first} {last}", f"{first}.{last}.{number + 1}@example.org".lower()

    def _template(self, number: int) -> str:
        mix = self.wish.mix
        left = self._chance(number, "template") * sum(mix.values())
        for name, weight in mix.items():
            left -= weight
            if left < 0:
                return name
        return next(iter(mix))

    def _plant(self, number: int) -> dict[str, Any]:
        name, email = self.owners[number % len(self.owners)]
        city, zip_code, state, latitude, longitude = self._pick(CITIES, number, "city")
        last = name.split()[-1]
        return {
            "id": self._id(number),
            "name": f"{last} {city} {number + 1}",
            "template": self._template(number),
            "latitude": round(latitude + self._chance(number, "north") * 0.1 - 0.05, 4),
            "longitude": round(longitude + self._chance(number, "east") * 0.1 - 0.05, 4),
            "commissioned": self._day(number),
            "address": {
                "country": "DE",
                "federal_state": state,
                "city": city,
                "zip_code": zip_code,
                "street": self._pick(STREETS, number, "street"),
                "street_no": str(1 + int(self._chance(number, "no") * 80)),
            },
            "owner": email,
        }

    def _day(self, number: int) -> str:
        year, month = int(self._chance(number, "year") * 9), int(self._chance(number, "month") * 9)
        return f"{2015 + year}-0{1 + month}-01"

    def _id(self, number: int) -> str:
        if self._chance(number, "backend") >= self.wish.classic:
            return str(self.wish.first_id + number * self.wish.id_step)
        high, low = splitmix64(self.stream ^ (2 * number)), splitmix64(self.stream ^ (2 * number + 1))
        return str(UUID(int=(high << 64) | low, version=4))
