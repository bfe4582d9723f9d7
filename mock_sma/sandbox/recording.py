"""From an answer to a reply with its headers, and to an entry of the journal without its secrets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.sandbox.exchange import BODILESS, SMALL, Reply, compact
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.redact import (
    redacted_agent,
    redacted_answer,
    redacted_body,
    redacted_headers,
    redacted_path,
    redacted_query,
    redacted_text,
)
from mock_sma.sandbox.world.entry import Entry
from mock_sma.seeding import key, splitmix64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mock_sma.sandbox.exchange import Answer, Request
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.table.operation import Operation
    from mock_sma.sandbox.why import Step
    from mock_sma.sandbox.world.journal import Journal

REQUEST_ID = b"x-mock-sma-request-id"

TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.{1,64})?")
"""W3C Trace Context, section 3.2: version, trace, parent, flags; what later versions may add."""

SECRETIVE = frozenset({Api.AUTH, Api.PAGES, Api.PORTAL})
"""APIs whose answers hold tokens, codes, cookies or passwords."""

MAX_COMMON = 256

DAYS = (b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun")
MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")

AT_HAND = frozenset({"_second", "_date", "_common", "_bodies"})
"""Attributes of a recorder that follow from the others and the time."""


class Shown(NamedTuple):
    """What the journal shows of a request besides its body, without secrets."""

    method: str
    host: str
    path: str
    query: str
    user_agent: str
    origin: str

    @classmethod
    def of(cls, request: Request) -> Shown:
        """Return what is shown of a request; looked for once, however often the same one comes."""
        found: Shown | None = request.shown
        if found is None:
            agent = redacted_agent(request.header(b"user-agent") or "")
            path, query = redacted_path(request.path), redacted_query(request.query)
            origin = redacted_text(request.origin)
            found = request.shown = cls(request.method, request.host, path, query, agent, origin)
        return found


class Recorder:
    """Completes answers and puts each exchange into the journal of its world.

    Args:
        journal: the journal of the world.
        seed: the seed of the world; the ids of its exchanges follow from it.
        world: name of the world.
        explain: finds the words of an entry's ``why``, when somebody reads them.
    """

    def __init__(self, journal: Journal, seed: int, world: str, *, explain: Callable[[Entry], Iterable[Step]]) -> None:
        self._journal = journal
        self._key = key(seed, world, "request")
        self._explain = explain
        self._forget()

    def _forget(self) -> None:
        self._second = -1
        self._date = b""
        self._common: dict[tuple[int, bytes, int], tuple[tuple[bytes, bytes], ...]] = {}
        """The first headers of the answers of this second, by status, type and length."""
        self._bodies: dict[str | None, bytes] = {}
        """The small bodies that were kept last, by operation."""

    def __getstate__(self) -> dict[str, Any]:
        """Return what is kept of it: what is only at hand is no state."""
        return {name: value for name, value in vars(self).items() if name not in AT_HAND}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take up what was kept, also by an earlier mock-sma."""
        vars(self).update(state)
        self._forget()

    def reply(self, call: Call, operation: Operation | None, answer: Answer) -> Reply:
        """Return the reply of an answer, and take down the exchange."""
        request, journal = call.request, self._journal
        body, status = answer.body, answer.status
        number = journal.total + 1
        request_id, reply = self.named(number, call.now, answer)
        # Only some APIs send secrets; looking for them in each large body would cost as much as all else.
        is_secretive = operation is None or operation.api in SECRETIVE
        # A refusal may say again what was asked.
        if operation is None or is_secretive or status >= 300:
            kept, told = redacted_answer(body), redacted_headers(reply.headers)
        else:
            kept, told = _kept(operation, answer), reply.headers
        name = None if operation is None else operation.id
        method, host, path, query, user_agent, origin = request.shown or Shown.of(request)
        journal.add(
            Entry(
                request_id,
                call.now,
                method,
                host,
                path,
                query,
                status,
                call.client_id,
                name,
                redacted_body(request, is_secretive=is_secretive) if request.body else b"",
                self._compact(name, kept),
                told,
                user_agent,
                call.trace,
                call.access,
                self._explain,
                None,
                origin,
                number,
                traceparent=_traceparent(request),
            )
        )
        if method == "HEAD":  # headers as a GET's, and nothing behind them (RFC 9110, section 9.3.2)
            reply.body = b""
        return reply

    def _compact(self, operation: str | None, body: bytes) -> bytes:
        """Return a body for keeping it: the one that is there already where it is equal, as those of polls are."""
        if len(body) >= SMALL:
            return body
        if self._bodies.get(operation) != body:
            self._bodies[operation] = compact(body)
        return self._bodies[operation]

    def named(self, number: int, now: float, answer: Answer) -> tuple[str, Reply]:
        """Return the id of an exchange, by its number, and the reply with what it has in common within a second."""
        second = int(now)
        if self._second != second or len(self._common) > MAX_COMMON:
            self._second = second
            self._date = _http_date(second)
            self._common.clear()
        kind = (answer.status, answer.content_type, len(answer.body))
        found = self._common.get(kind)
        if found is None:
            found = self._common[kind] = tuple(self._headers(*kind))
        request_id = f"{splitmix64(self._key + number):016x}"
        headers = [*found, (REQUEST_ID, request_id.encode()), *answer.headers]
        return request_id, Reply(answer.status, headers, answer.body, None, found)

    def _headers(self, status: int, content_type: bytes, length: int) -> Iterator[tuple[bytes, bytes]]:
        yield b"date", self._date
        if status not in BODILESS:
            if length and content_type:
                yield b"content-type", content_type
            yield b"content-length", b"%d" % length


def _http_date(second: int) -> bytes:
    """Return a time [s since the epoch] as IMF-fixdate (RFC 9110, section 5.6.7), in a tenth of `email.utils`' time."""
    at = datetime.fromtimestamp(second, UTC)
    clock = b"%02d:%02d:%02d" % (at.hour, at.minute, at.second)
    return b"%b, %02d %b %d %b GMT" % (DAYS[at.weekday()], at.day, MONTHS[at.month - 1], at.year, clock)


def _traceparent(request: Request) -> str:
    text = request.header(b"traceparent")
    return text if text is not None and TRACEPARENT.fullmatch(text) else ""


def _kept(operation: Operation, answer: Answer) -> bytes:
    # Documents are large and always the same: a look at them would push all else out of the journal.
    return b"" if operation.api is Api.DOCUMENTS else answer.body
