"""The language: rows of the user's own, which are served in the place of simulated ones (docs/data.md)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, field_validator, model_validator

from mock_sma.domain.period import Period, Span, parse_period, parse_span
from mock_sma.domain.reading import nearest
from mock_sma.scenario_file.model import Model, Text

FilePath = Annotated[str, Field(min_length=1, max_length=1_000)]


class TotalDoc(Model):
    """What the rows of a span come to, as ``WithTotal`` gave it."""

    span: Text = Field(description="as Day 2025-06-15, Week 2025-06-09, Month 2025-06, Year 2025 or Total")
    values: dict[Text, float] = Field(description="by property; of an input as dcEnergyInput.A")
    until: AwareDatetime | None = Field(None, description="when it was recorded, if the span was not over")

    @field_validator("span")
    @classmethod
    def _known(cls, value: str) -> str:
        span_of(value)
        return value


def span_of(text: str) -> Span:
    """Return a span from its words.

    Raises:
        ValueError: it is none.
    """
    word, _, day = text.partition(" ")
    period = parse_period(word)
    if period is None:
        raise ValueError(f"{word!r} is no period{nearest(word, list(Period))}")
    return parse_span(period, day)


def words_of(span: Span) -> str:
    """Return the words of a span, as :func:`span_of` reads them."""
    width = {Period.MONTH: 7, Period.YEAR: 4}.get(span.period, 10)
    return span.period.value if span.first is None else f"{span.period} {span.first.isoformat()[:width]}"


class DataDoc(Model):
    """Rows of a measurement set."""

    file: FilePath | None = Field(None, description="CSV or Parquet, relative to the scenario file")
    rows: str | None = Field(None, description="CSV itself, in place of a file", min_length=1)
    set: Text | None = Field(None, description="the measurement set; left out: told by the columns")
    since: Annotated[
        datetime | date | None,
        Field(alias="from", description="rows from before are left out; a date, or a time, local without an offset"),
    ] = None
    days: Annotated[
        tuple[date, date] | None,
        Field(description="first and last day that the rows are all of, so that nothing is simulated around them"),
    ] = None
    unit: Literal["W", "kW", "MW", "Wh", "kWh", "MWh"] | None = Field(
        None, description="of powers and energies whose column names none; left out: W"
    )
    stamps: Literal["end", "start"] | None = Field(
        None, description="which end of its interval a row's time is; left out: the end, as SMA has it"
    )
    timezone: Text | None = Field(None, description="zone of times without an offset; left out: the plant's")
    interval: Literal["day", "month", "year"] | None = Field(
        None, description="the rows are sums of whole days, months or years; left out: told by the rows"
    )
    format: Literal["sma", "solaredge", "home-assistant", "plain"] | None = Field(
        None, description="whose export it is; left out: told by the heads of its columns"
    )
    until: datetime | None = Field(
        None, description="when the rows were recorded; what is later is simulated. Local without an offset"
    )
    totals: tuple[TotalDoc, ...] = Field(
        (), max_length=20_000, description="what WithTotal gives of spans, where it is not the sum of the rows"
    )

    @model_validator(mode="after")
    def _one_source(self) -> DataDoc:
        if (self.file is None) == (self.rows is None):
            raise ValueError("needs either 'file', a path, or 'rows', CSV as text")
        return self


def _listed(value: object) -> object:
    items: list[Any] = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
    return tuple({"file": item} if isinstance(item, str) else item for item in items)


Data = Annotated[
    tuple[DataDoc, ...],
    BeforeValidator(_listed, json_schema_input_type=FilePath | DataDoc | list[FilePath | DataDoc] | None),
    Field(max_length=500, description="rows of your own, served in place of simulated ones where they cover"),
]
"""A file's path, ``{file, set, from}``, or a list of such."""
