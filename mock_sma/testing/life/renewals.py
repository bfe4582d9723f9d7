"""The way of a refresh that repeats: a client's next one asks the same as its last, with the token it got by that.

A client that polls asks for a token every five minutes. How it authenticates, and what of its form is secret, is found
out by the ordinary way, and holds for the next time; what a session has become, and the tokens, are worked out as ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import orjson

from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import MAX_BODY, Answer, Parameters
from mock_sma.sandbox.handlers.auth.endpoint import NO_STORE
from mock_sma.sandbox.recording import Recorder
from mock_sma.sandbox.secrets import MASK
from mock_sma.sandbox.why import steps_of
from mock_sma.sandbox.wire.tokens import token_body
from mock_sma.sandbox.world.entry import Entry
from mock_sma.testing.life.polled import answered_by, line_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.sandbox.access import Tokens
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.session import Session
    from mock_sma.testing.life.polls import Watch

    Target = tuple[str, ...]
    Field = tuple[bytes, ...]

MOST = 256
"""Refreshes that are waited for."""


@dataclass(slots=True)
class Renewal:
    """A refresh that was answered, and the one that will follow it.

    Attributes:
        target: what was asked, without its form.
        headers: the request's, but for its length.
        form: what stands before and after the refresh token.
        entry: the exchange; ``line`` is of its digest.
        recorder: of the world.
        lasting: what the client follows from, see :meth:`Renewals._lasting`.
        session: as it is since then.
        expires: when the refresh token does [s since the epoch].
        told: what was told besides the tokens, and ``body`` all of it with these masked.
    """

    target: Target
    headers: list[Field]
    form: tuple[bytes, bytes]
    entry: Entry
    line: bytes
    recorder: Recorder
    lasting: tuple[object, ...]
    session: Session
    expires: float
    told: tuple[object, ...] = ()
    body: bytes = b""

    def masked(self, tokens: Tokens) -> bytes:
        """Return the body as the journal shows it: most often it is the same each time."""
        if tokens[2:] != self.told:
            self.told, self.body = tokens[2:], token_body(tokens._replace(access=MASK, refresh=MASK))
        return self.body


class Renewals:
    """Answers refreshes in one world.

    Args:
        watch: is shown each exchange.
    """

    def __init__(self, world: Sandbox, watch: Watch) -> None:
        self._world = world
        self._watch = watch
        self._due: dict[bytes, Renewal] = {}
        """By the form that is waited for."""

    def learn(self, target: Target, headers: Sequence[Field], form: bytes, reply: Reply) -> None:
        """Take note of a request with a form that has just been answered, where it was a refresh."""
        world = self._world
        with world.lock:
            entry = answered_by(world, reply)
            facts = {} if entry is None or entry.operation != "token" else dict(entry.trace)
            if entry is None or [*facts] != ["client", "grant"] or "refresh" not in facts["grant"]:
                return
            try:
                given = (Parameters(form.decode("ascii")).get("refresh_token") or "").encode()
            except (UnicodeDecodeError, ApiError):
                return
            session, answer = world.sessions.find(facts["grant"]["session"]), orjson.loads(reply.body)
            if session is None or form.count(given) != 1 or not given:
                return
            begin, _, end = form.partition(given)
            line, recorder = line_of(entry), Recorder(world.requests, world.seed, world.name, explain=steps_of)
            found = Renewal(target, _kept(headers), (begin, end), entry, line, recorder, self._lasting(), session, inf)
            self._wait_for(found, answer["refresh_token"], answer["refresh_expires_in"], entry.at)

    def again(self, target: Target, headers: Sequence[Field], form: bytes) -> Reply | None:
        """Answer a refresh that was waited for; None: it is another request, or the world is not as it was."""
        world, known = self._world, self._due.pop(form, None)
        if known is None or known.target != target or known.headers != _kept(headers):
            return None
        with world.lock:
            now, session, sessions = world.clock.time(), known.session, world.sessions
            if now >= world.agenda.due or world.faults.in_force(now) or known.lasting != self._lasting():
                return None
            # A session is a value: this one is as it was left, so it knows the token, whose id is the last one's.
            if now >= known.expires or sessions.find(session.id) is not session or not session.active:
                return None
            refresh_id = session.refresh
            used = session.superseding(refresh_id, world.switches.refresh_reuse)
            if used is None:
                return None
            tokens = sessions.tokens(used, now, refresh_id)
            entry, reply = self._entered(known, now, refresh_id, tokens)
            session_now = sessions.find(session.id)
            assert session_now is not None
            known.entry, known.session = entry, session_now
            self._wait_for(known, tokens.refresh, tokens.refresh_lifetime, now)
            self._watch(entry, known.line)
            return reply

    def _lasting(self) -> tuple[object, ...]:
        """Return what the client follows from, and where it is known."""
        return self._world.scenario, self._world.clients, self._world.sessions, self._world.requests

    def _wait_for(self, renewal: Renewal, token: str, lifetime: int, now: float) -> None:
        renewal.expires = inf if renewal.session.offline else int(now) + lifetime
        begin, end = renewal.form
        form = b"%b%b%b" % (begin, token.encode(), end)
        if len(form) <= MAX_BODY:
            if len(self._due) >= MOST:
                self._due.clear()
            self._due[form] = renewal

    def _entered(self, known: Renewal, now: float, refresh_id: str, tokens: Tokens) -> tuple[Entry, Reply]:
        """Put an exchange into the journal; returns it and its reply."""
        journal, facts = self._world.requests, dict(known.entry.trace)
        number = journal.total + 1
        request_id, reply = known.recorder.named(number, now, Answer(token_body(tokens), headers=NO_STORE))
        before = known.entry
        entry = Entry(
            request_id,
            now,
            before.method,
            before.host,
            before.path,
            before.query,
            before.status,
            before.client_id,
            before.operation,
            before.request_body,
            known.masked(tokens),
            reply.headers.copy(),
            before.user_agent,
            [("client", facts["client"]), ("grant", facts["grant"] | {"refresh": refresh_id})],
            explain=before.explain,
            origin=before.origin,
            number=number,
            traceparent=before.traceparent,
        )
        journal.add(entry)
        return entry, reply


def _kept(headers: Sequence[Field]) -> list[Field]:
    """Return the headers but for the form's length, which follows from it."""
    return [field for field in headers if field[-2].lower() != b"content-length"]
