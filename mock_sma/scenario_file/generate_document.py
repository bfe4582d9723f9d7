"""What ``generate`` may say."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from mock_sma.domain.reading import choices
from mock_sma.scenario_file.model import Country, Model

MAX_PLANTS = 20_000
COUNTRIES = ["DE", "AT", "CH", "NL", "FR", "ES", "IT", "GB", "US", "AU"]
"""Those that ``scenarios/names.py`` has places of."""

STATUSES = ["ok", "gap", "fault"]

Year = Annotated[int, Field(ge=1995, le=2100)]
Weight = Annotated[float, Field(ge=0)]
Factor = Annotated[float, Field(gt=0, le=100)]


class GenerateDoc(Model):
    """A large portfolio in one line; the same seed gives the same plants."""

    count: Annotated[int, Field(ge=1, le=MAX_PLANTS)] = Field(description="number of plants")
    mix: dict[str, Weight] = Field(
        default_factory=lambda: {"household": 1.0}, min_length=1, description="templates with their weights"
    )
    owners: Annotated[int, Field(ge=1, le=MAX_PLANTS)] = Field(1, description="people the plants are dealt to")
    classic: Annotated[float, Field(ge=0, le=1)] = Field(0.0, description="share of Classic plants")
    first_id: Annotated[int, Field(ge=1, lt=10**15)] = Field(10_000, description="of the first ennexOS plant")
    id_step: Annotated[int, Field(ge=1, le=10_000)] = Field(20, description="room for a plant's devices")
    sizes: tuple[Factor, Factor] = Field((1.0, 1.0), description="least and largest factor of the template's powers")
    directions: Annotated[float, Field(ge=0, le=180)] = Field(
        0.0, description="how far modules turn from the template's direction, either way [°]"
    )
    countries: dict[Country, Weight] = Field(
        default_factory=lambda: {"DE": 1.0}, min_length=1, description="countries with their weights"
    )
    commissioned: tuple[Year, Year] = Field((2015, 2023), description="first and last year")
    status: dict[str, Weight] = Field(
        default_factory=lambda: {"ok": 1.0},
        min_length=1,
        description="weights of ok, gap and fault; a gap or fault goes on from a day before the start",
    )

    @field_validator("mix", "countries", "status")
    @classmethod
    def _something_weighs(cls, value: dict[str, float]) -> dict[str, float]:
        if not any(value.values()):
            raise ValueError("needs a weight that is more than 0")
        return value

    @field_validator("status")
    @classmethod
    def _are_words(cls, value: dict[str, float]) -> dict[str, float]:
        for name in value:
            if name not in STATUSES:
                raise ValueError(f"no plant can be {name!r}{choices(name, STATUSES)}")
        return value

    @field_validator("countries")
    @classmethod
    def _has_places(cls, value: dict[str, float]) -> dict[str, float]:
        for name in value:
            if name not in COUNTRIES:
                raise ValueError(f"no places of {name!r} are known{choices(name, COUNTRIES)}")
        return value

    @field_validator("sizes", "commissioned")
    @classmethod
    def _rises(cls, value: tuple[float, float]) -> tuple[float, float]:
        if value[0] > value[1]:
            raise ValueError(f"the first is larger than the second; write [{value[1]:g}, {value[0]:g}]")
        return value
