"""A poll that was answered, what its answer followed from, and the exchanges that came after it."""

from __future__ import annotations

from dataclasses import fields
from math import inf
from typing import TYPE_CHECKING, Any

from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.monitoring.measurements import Measured
from mock_sma.sandbox.recording import REQUEST_ID
from mock_sma.sandbox.world.entry import Entry
from mock_sma.simulation.visibility import QUARTER, Uploads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.recording import Recorder
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.why import Trace
    from mock_sma.sandbox.world.simulators import MeasurementQuery, Simulators

    Field = tuple[bytes, ...]


OK = 200


class Polled(Entry):
    """An exchange of which nobody may ever read all: id, headers and what was noted are made when somebody does.

    It stands for its own reply, too.

    Attributes:
        poll: what was asked again.
        until: end of what could be seen of the plant [s since the epoch].
        kinds: of what was noted.
    """

    __slots__ = ("poll", "until")

    poll: Poll
    until: int
    kinds = ("measured",)

    def __getattr__(self, name: str) -> Any:
        """Work out what has not been asked for before."""
        if name == "trace":
            self.trace = self.poll.noted(self.until)
        elif name in ("id", "headers"):
            self.id, reply = self.poll.recorder.named(self.number, self.at, Answer(self.response_body))
            self.headers = reply.headers
        else:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
        return getattr(self, name)

    def __reduce__(self) -> tuple[type[Entry], tuple[object, ...]]:
        """Be pickled and copied as any entry."""
        return Entry, tuple(getattr(self, item.name) for item in fields(Entry))

    @property
    def body(self) -> bytes:
        """The body of the answer."""
        return self.response_body


def answered_by(world: Sandbox, reply: Reply) -> Entry | None:
    """Return the exchange that has just been answered as asked; None: it was not, or it is not the last one."""
    if reply.status != OK or reply.effect is not None or not world.requests:
        return None
    entry = world.requests[-1]
    return entry if (REQUEST_ID, entry.id.encode()) in reply.headers else None


class Sight:
    """Tells what can be seen of a plant as :class:`Simulators` does, for one that is asked at ever new times."""

    def __init__(self, simulators: Simulators, plant: Plant) -> None:
        self._simulators, self._plant = simulators, plant
        self._uploads = Uploads.of(plant, simulators.seed)
        # Of all others an interval's end has to be looked for in their time zone, or among several lengths.
        self._is_plain = not self._uploads.before and QUARTER % self._uploads.step == 0
        self._since, self._change = inf, -inf
        self._arrived: tuple[int, ...] = ()

    def at(self, now: float) -> tuple[int, tuple[int, ...]]:
        """Return the end of the last visible interval [s since the epoch], and which late data have arrived."""
        if not self._is_plain:
            seen = self._simulators.seen(self._plant, now)
            return seen.until, seen.arrived
        uploads = self._uploads
        if not self._since <= now < self._change:
            self._arrived = tuple(number for number, at in uploads.late if at <= now)
            self._since, self._change = now, min((at for at in uploads.arrivals if at > now), default=inf)
        end = uploads.processed_until(now)
        return end - end % uploads.step, self._arrived


class Poll:
    """A request for a plant's Recent that was answered, and what the answer followed from.

    Attributes:
        place: of the token among the request's headers.
        others: the other headers.
        sight: tells what can be seen of the plant.
        state: of the world, see :meth:`Polls._state`.
        entry: the exchange; ``line`` is of its digest.
        opens: for whom the token was, on which depends what is open to it.
    """

    __slots__ = (
        "_profile",
        "entry",
        "line",
        "opens",
        "others",
        "place",
        "plant",
        "query",
        "recorder",
        "sight",
        "state",
    )

    def __init__(
        self,
        headers: Sequence[Field],
        place: int,
        plant: Plant,
        query: MeasurementQuery,
        entry: Entry,
        state: tuple[object, ...],
        recorder: Recorder,
        sight: Sight,
    ) -> None:
        self.place, self.others = place, [*headers[:place], *headers[place + 1 :]]
        self.plant, self.query, self.entry, self.state = plant, query, entry, state
        self.recorder, self.sight = recorder, sight
        self.line = line_of(entry)
        assert entry.access is not None
        self.opens = opens_of(entry.access)
        self._profile = entry.trace[0][1].profile

    def noted(self, until: int) -> Trace:
        """Return what is taken down of an answer from what can be seen until then."""
        query = self.query
        return [("measured", Measured(self.plant, None, query.wanted, query.span, until, self._profile))]


def line_of(entry: Entry) -> bytes:
    """Return what a life's digest is of, besides an exchange's time and its answer's body."""
    return f"{entry.method} {entry.path}?{entry.query} {entry.status}\n".encode()


def opens_of(access: Access) -> tuple[object, ...]:
    """Return what decides on what is open to a token."""
    return access.client_id, access.user, access.scopes
