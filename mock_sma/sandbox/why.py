"""Why an answer is what it is: steps taken down as data, spelt out in words only when somebody reads them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Trace = list[tuple[str, dict[str, object]]]


class Step(str):
    """One step in words; ``kind`` and ``data`` hold it for programs."""

    __slots__ = ("data", "kind")
    kind: str
    data: Mapping[str, object]

    def __new__(cls, text: str, kind: str, data: Mapping[str, object]) -> Self:
        """Make a step from its sentence, its kind and its facts."""
        step = super().__new__(cls, text)
        step.kind = kind
        step.data = data
        return step

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form of the control API."""
        return {"kind": self.kind, "text": str(self), "data": dict(self.data)}


class Why(str):
    """All steps as one text; iterating yields the steps.

    A text, so that ``"expired" in entry.why`` asks what a reader means by it.
    """

    __slots__ = ("steps",)
    steps: tuple[Step, ...]

    def __new__(cls, trace: Trace) -> Self:
        """Spell out a trace."""
        steps = tuple(Step(_sentence(kind, data), kind, data) for kind, data in trace)
        why = super().__new__(cls, "; ".join(steps))
        why.steps = steps
        return why

    def __iter__(self) -> Iterator[str]:
        return iter(self.steps)


def _sentence(kind: str, data: Mapping[str, object]) -> str:
    if kind == "visibility":
        newest = datetime.fromtimestamp(int(str(data["until"])), ZoneInfo(str(data["zone"])))
        return f"the newest row that is uploaded and processed ends at {newest:%Y-%m-%d %H:%M}"
    text = data.get("text")
    if isinstance(text, str):
        return text
    return SENTENCES[kind].format_map(data)


SENTENCES: dict[str, str] = {
    "operation": "the path is the operation {operation}",
    "no-operation": "no operation has this path in the layout '{layout}'; the nearest are {nearest}",
    "wrong-method": "the path exists, but not with the method {method}; it takes {allowed}",
    "host": "the host {host} serves {layout} only",
}
"""Sentences by kind of step; a step that brings its own ``text`` needs none here."""
