"""Why an answer is what it is: steps taken down as data, spelt out in words only when somebody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from mock_sma.leaves import leaf
from mock_sma.sandbox.redact import redacted_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Trace = list[tuple[str, Any]]


class Step(str):
    """One step in words; ``kind`` and ``data`` hold it for programs."""

    __slots__ = ("data", "kind")
    kind: str
    data: Mapping[str, object]

    def __new__(cls, text: str, kind: str, data: Mapping[str, object]) -> Self:
        """Make a step from its sentence, its kind and its facts."""
        step = super().__new__(cls, redacted_text(text))
        step.kind = kind
        step.data = data
        return step

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, object]]:  # type: ignore[override] # what pickle wants
        return str(self), self.kind, self.data

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form of the control API."""
        data = {name: redacted_text(item) if isinstance(item, str) else item for name, item in self.data.items()}
        return {"kind": self.kind, "text": str(self), "data": data}


class Why(str):
    """All steps as one text; iterating yields the steps.

    A text, so that ``"expired" in entry.why`` asks what a reader means by it.
    """

    __slots__ = ("steps",)
    steps: tuple[Step, ...]

    def __new__(cls, steps: Iterable[Step]) -> Self:
        """Join steps."""
        steps = tuple(steps)
        why = super().__new__(cls, "; ".join(steps))
        why.steps = steps
        return why

    def __getnewargs__(self) -> tuple[tuple[Step, ...]]:  # type: ignore[override] # as above
        return (self.steps,)

    def __iter__(self) -> Iterator[str]:
        return iter(self.steps)


def steps_of(entry: object) -> Iterable[Step]:
    """Return what led to an entry's answer; entries keep this function by its name."""
    steps: Iterable[Step] = leaf("explain.steps", "steps_of")(entry)
    return steps
