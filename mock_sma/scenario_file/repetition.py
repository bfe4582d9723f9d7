"""``every``, with ``until`` or ``times``: keys of what happens again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from mock_sma.domain.moment import span_text
from mock_sma.domain.recurrence import SHORTEST, Repeat
from mock_sma.scenario_file.model import Model, Moment, Span

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Source

KEYS = ("every", "until", "times")


class Repeated(Model):
    """What may happen again and again."""

    every: Span | None = Field(None, description="again after each such span, a minute at least")
    until: Moment | None = Field(None, description="the last moment at which it may happen again")
    times: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="how often in all, in place of until"
    )


def repeat_of(source: Source, path: Path, doc: Repeated) -> Repeat | None:
    """Return the repetition that the model at ``path`` describes; mistakes go into the source."""
    if doc.until is not None and doc.times is not None:
        source.add((*path, "times"), "give until or times, not both")
    if doc.every is not None and doc.every < SHORTEST:
        source.add((*path, "every"), f"has to be at least {span_text(SHORTEST)}, not {span_text(doc.every)}")
    if doc.every is not None:
        return Repeat(every=doc.every, until=doc.until, times=doc.times)
    for key in ("until", "times"):
        if getattr(doc, key) is not None:
            source.add((*path, key), "belongs to 'every', which is missing")
    return None


def keys_of_repeat(repeat: Repeat | None) -> dict[str, Any]:
    """Return the keys of a repetition; those that are not set have None."""
    return {key: getattr(repeat, key, None) for key in KEYS}
