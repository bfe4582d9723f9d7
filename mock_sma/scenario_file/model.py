"""Base and words of the models that make up the language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


class Model(BaseModel):
    """Base of all parts: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def text_of(value: object) -> object:
    """Return a number as text: an id written without quotes is a number for YAML."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, BeforeValidator(text_of), Field(min_length=1, max_length=40)]
Email = Annotated[str, Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
Positive = Annotated[float, Field(gt=0)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(9999, 1, 1, tzinfo=UTC))]
"""A time with its offset, far enough from both ends of the calendar to be told in any zone."""
Degrees = Annotated[float, Field(ge=0, le=360)]
