"""The timeline page: what has happened and what will, on one axis with a line for now, and in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

from mock_sma.api.console.moments import Lane, Moment, Window, moments
from mock_sma.api.console.page import page
from mock_sma.api.console.undo import step_names
from mock_sma.api.console.zones import BERLIN
from mock_sma.clock import EARLIEST, LATEST
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

HOUR, DAY = 3_600.0, 86_400.0
SPANS = {
    "10 minutes": 600.0,
    "2 hours": 2 * HOUR,
    "1 day": DAY,
    "1 week": 7 * DAY,
    "1 month": 30 * DAY,
    "1 year": 365 * DAY,
    "10 years": 3_652 * DAY,
}
"""Lengths of the axis [s]."""

PAST = 0.25
"""Share of the axis that is past."""

WANTED = 3
"""Coming things that the axis shows, where nobody says how long it is to be."""

LISTED = 60
"""Moments of the lists."""

TICKS: tuple[tuple[float, str], ...] = (
    (120, "%H:%M"),
    (1_800, "%H:%M"),
    (6 * HOUR, "%H:%M"),
    (DAY, "%d %b"),
    (5 * DAY, "%d %b"),
    (61 * DAY, "%b %Y"),
    (730.5 * DAY, "%Y"),
)
"""For each length of the axis: from tick to tick [s], and how a tick reads."""

CLOSE = 0.6
"""Marks nearer than this become one [% of the axis]."""


@frozen
class Dot:
    """One mark of the picture.

    Attributes:
        x: place of a dot, or where a bar begins [% of the axis].
        width: length of a bar [% of the axis]; 0: a dot.
        text: all that it stands for.
        count: number of moments that it stands for.
    """

    x: float
    width: float
    text: str
    count: int = 1


class TimeAxis:
    """The picture's axis.

    Attributes:
        low: its begin [s since the epoch], as ``high`` of its end.
        now: the emulated time.
    """

    def __init__(self, now: float, span: float) -> None:
        self.now, self.span = now, span
        self.low = max(EARLIEST, now - PAST * span)
        self.high = min(LATEST - 1, self.low + span)

    def place(self, at: float) -> float:
        """Return the place of a time [% of the axis]; of one outside, that of the end nearer to it."""
        return round(100 * (min(max(at, self.low), self.high) - self.low) / (self.high - self.low), 3)

    def ticks(self) -> list[tuple[float, str]]:
        """Return the places with a label, and the labels, in Europe/Berlin."""
        step, form = TICKS[list(SPANS.values()).index(self.span)]
        start = datetime.fromtimestamp(self.low, UTC).astimezone(BERLIN)
        begin = start.replace(hour=0, minute=0, second=0, microsecond=0)
        found, number = [], 0
        while (at := (begin + timedelta(seconds=number * step)).timestamp()) <= self.high:
            if at >= self.low:
                found.append((self.place(at), f"{datetime.fromtimestamp(at, UTC).astimezone(BERLIN):{form}}"))
            number += 1
        return found

    def lanes(self, found: Sequence[Moment]) -> list[tuple[str, list[Dot]]]:
        """Return the lanes that hold something, each with its marks."""
        lanes = {lane.value: list(self._marks([item for item in found if item.lane is lane])) for lane in Lane}
        return [(name, marks) for name, marks in lanes.items() if marks]

    def _marks(self, found: Sequence[Moment]) -> Iterator[Dot]:
        for item in found:
            if item.end is not None and item.end > item.at:
                start, end = self.place(item.at), self.place(item.end)
                yield Dot(start, max(CLOSE, round(end - start, 3)), item.what)
        near: list[Moment] = []
        for item in (item for item in found if self.low <= item.at <= self.high):
            if near and self.place(item.at) - self.place(near[0].at) > CLOSE:
                yield self._dot(near)
                near = []
            near.append(item)
        if near:
            yield self._dot(near)

    def _dot(self, near: Sequence[Moment]) -> Dot:
        words = "; ".join(item.what for item in near[:3]) + (f"; and {len(near) - 3} more" if len(near) > 3 else "")
        return Dot(self.place(near[0].at), 0.0, words, len(near))


def _span(wanted: str, coming: Sequence[Moment], now: float) -> tuple[str, float]:
    """Return name and length of the axis: what is wanted, else the shortest that shows the next few things."""
    if wanted in SPANS:
        return wanted, SPANS[wanted]
    first = [item.at for item in coming if not item.routine and item.lane is not Lane.CLOCK]
    times = (first or [item.at for item in coming if not item.routine])[:WANTED]
    reach = times[-1] - now if times else DAY
    return next(((name, span) for name, span in SPANS.items() if (1 - PAST) * span > reach), list(SPANS.items())[-1])


async def show(visit: Visit) -> Response:
    """Show past and coming happenings."""
    world = visit.world
    now = world.clock.time()
    found = moments(world, now, Window(now, inf, 3))
    coming = [item for item in found if item.at > now]
    name, span = _span(visit.query("span"), coming, now)
    axis = TimeAxis(now, span)
    shown = moments(world, now, Window(axis.low, axis.high))
    # What lies far back is not looked for: the list tells of the newest.
    past = [item for item in moments(world, now, Window(EARLIEST, now)) if item.at <= now][-LISTED:]
    return page(
        visit,
        "timeline",
        axis=axis,
        lanes=axis.lanes(shown),
        within=sorted((item for item in shown if item.at > now), key=lambda item: item.at),
        spans=[(item, visit.link("timeline", span=item)) for item in SPANS],
        span=name,
        coming=coming[:LISTED],
        more=max(0, len(coming) - LISTED),
        past=past[::-1],
        steps=step_names(world),
    )
