"""The way of a poll that repeats: a Recent asked for again, in a world where nothing has changed but what is uploaded.

Most of a life's requests ask what they asked five minutes ago. What the ordinary way found out of such a request still
holds: which operation it is, whose plant it names, what the query wants. So it is remembered (:meth:`Polls.learn`) with
all that it followed from, and :meth:`Polls.again` answers where each of these is as it was. There alone is it decided;
wherever something else is due, in force or new, the request is left to the world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.period import Period
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.handlers.monitoring.measurements import MONITORING, Measured
from mock_sma.sandbox.handlers.monitoring.running_day import polled_again
from mock_sma.sandbox.recording import Recorder
from mock_sma.sandbox.why import steps_of
from mock_sma.sandbox.world.bearer import InvalidTokenError
from mock_sma.testing.life.polled import Poll, Polled, Sight, answered_by, opens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry

    Field = tuple[bytes, ...]
    Watch = Callable[[Entry, bytes], object]


class Polls:
    """Answers polls of one world.

    Args:
        watch: is shown each exchange.
    """

    def __init__(self, world: Sandbox, watch: Watch) -> None:
        self._world = world
        self._watch = watch
        self._token: tuple[bytes, str | None] = (b"", None)
        self._last: Access | None = None
        self._opens: tuple[object, ...] = ()
        """For whom the last token was."""

    def learn(self, headers: Sequence[Field], reply: Reply) -> Poll | None:
        """Return what is to be known of the request that has just been answered, to answer it again.

        Returns:
            None: it is no poll, or one that has to be worked out each time.
        """
        world = self._world
        with world.lock:
            entry, places = answered_by(world, reply), [at for at, field in enumerate(headers) if _is_of_token(field)]
            if entry is None or entry.method != "GET" or entry.request_body or len(places) != 1:
                return None
            facts = entry.trace[0][1] if len(entry.trace) == 1 else None
            if not isinstance(facts, Measured) or facts.device is not None or facts.span.period is not Period.RECENT:
                return None
            query = world.simulators.queries.get((MONITORING.name, *entry.path.split("/")[-2:], entry.query))
            if query is None or query.wanted is not facts.wanted or query.span is not facts.span:
                return None
            if entry.access is None:
                return None
            recorder = Recorder(world.requests, world.seed, world.name, explain=steps_of)
            sight = Sight(world.simulators, facts.plant)
            poll = Poll(headers, places[0], facts.plant, query, entry, self._state(), recorder, sight)
            seen = sight.at(entry.at)
            return poll if polled_again(world, facts.plant, query, *seen) == reply.body else None

    def again(self, poll: Poll, headers: Sequence[Field]) -> Polled | None:
        """Answer a request that was sent before; None: it is another one, or the world is not as it was."""
        world, (*rest,) = self._world, headers
        with world.lock:
            now = world.clock.time()
            if poll.place >= len(rest) or not _is_of_token(field := rest.pop(poll.place)) or rest != poll.others:
                return None
            if now >= world.agenda.due or world.faults.in_force(now) or world.quota.is_counting:
                return None
            if poll.state != self._state():
                return None
            access = self._access(field[-1])
            if access is None or now >= access.expires or self._opens != poll.opens:
                return None
            until, arrived = poll.sight.at(now)
            body = polled_again(world, poll.plant, poll.query, until, arrived)
            if body is None:
                return None
            entry = self._entered(poll, now, access, body, until)
            self._watch(entry, poll.line)
            return entry

    def _state(self) -> tuple[object, ...]:
        """Return what stays the same where nothing has changed in the world but what can be seen of its plants."""
        world = self._world
        estate, consents = world.estate, world.consents
        return estate, estate.version, consents, consents.version, world.simulators, world.scenario

    def _access(self, field: bytes) -> Access | None:
        """Return what the token of a request allows."""
        if field != self._token[0]:
            self._token = field, Request("GET", "", headers={b"authorization": field}).bearer
        token = self._token[1]
        try:
            access = None if token is None else self._world.bearer.access_of(token)
        except InvalidTokenError:
            return None
        if access is not self._last and access is not None:
            self._last, self._opens = access, opens_of(access)
        return access

    def _entered(self, poll: Poll, now: float, access: Access, body: bytes, until: int) -> Polled:
        """Put an exchange into the journal."""
        entry, before, journal = Polled.__new__(Polled), poll.entry, self._world.requests
        entry.at, entry.access, entry.client_id = now, access, access.client_id
        entry.poll, entry.until, entry.response_body = poll, until, body
        entry.number = journal.total + 1
        entry.method, entry.host, entry.path, entry.query = before.method, before.host, before.path, before.query
        entry.status, entry.operation, entry.request_body = before.status, before.operation, b""
        entry.user_agent, entry.origin, entry.traceparent = before.user_agent, before.origin, before.traceparent
        entry.explain, entry.told, entry.server = before.explain, None, before.server
        journal.add(entry)
        return entry


def _is_of_token(field: Field) -> bool:
    return field[-2].lower() == b"authorization"
