"""Base and words of the models that make up the language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from typing_extensions import TypeAliasType  # typing has it from 3.12 on; pydantic brings this one along

from mock_sma.domain.moment import LENGTH_PATTERN, LONGEST, OFFSET_PATTERN, from_start, parse_length, parse_span


class Model(BaseModel):
    """Base of all parts: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


def text_of(value: object) -> object:
    """Return a number as text: an id written without quotes is a number for YAML."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, BeforeValidator(text_of), Field(min_length=1, max_length=40)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Language = Literal["de", "en"]
Email = Annotated[str, Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
Positive = Annotated[float, Field(gt=0)]


def _length(value: object) -> object:
    found = parse_length(value) if isinstance(value, str) else None
    if found is not None and found < timedelta():
        raise ValueError(f"{value!r} is negative; a span must be 0 or more")
    return value if found is None else found


Span = TypeAliasType(
    "Span",
    Annotated[
        timedelta,
        BeforeValidator(_length),
        Field(ge=timedelta(), le=LONGEST),
        WithJsonSchema(
            {
                "description": "a span such as PT5M, P1D, 5m or 1d12h, or seconds",
                "anyOf": [{"type": "string", "pattern": LENGTH_PATTERN}, {"type": "number", "minimum": 0}],
            }
        ),
    ],
)


def _moment(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"has to be {A_MOMENT}, not the number {value!r}")  # noqa: TRY004 - pydantic's form
    span = parse_span(value) if isinstance(value, str) else None
    if span is None:
        return value
    if abs(span) > LONGEST:
        raise ValueError(f"{value!r} is more than 100 years from the world's start")
    return from_start(span)


A_MOMENT = "a time like 2025-06-15T12:00:00+02:00, or a span from the world's start like P1D or +2h"

Moment = TypeAliasType(
    "Moment",
    Annotated[
        AwareDatetime,
        # First, so that its bounds are named as they are in JSON.
        Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(9999, 1, 1, tzinfo=UTC)),
        BeforeValidator(_moment, json_schema_input_type=str),
        WithJsonSchema(
            {
                "description": "a time with its offset, or a span from the world's start such as P1D or +2h",
                "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "pattern": OFFSET_PATTERN}],
            }
        ),
    ],
)
"""A time with its offset, far from both ends of the calendar, to be told in any zone; or a span from the start."""
Degrees = Annotated[float, Field(ge=0, le=360)]
