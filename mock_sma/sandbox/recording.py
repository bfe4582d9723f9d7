"""From an answer to a reply with its headers, and to an entry of the journal without its secrets."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from mock_sma.sandbox.exchange import BODILESS, Reply, compact
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
    from collections.abc import Callable, Iterable

    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.table.operation import Operation
    from mock_sma.sandbox.why import Step
    from mock_sma.sandbox.world.journal import Journal

REQUEST_ID = b"x-mock-sma-request-id"

SECRETIVE = frozenset({Api.AUTH, Api.PAGES, Api.PORTAL})
"""APIs whose answers hold tokens, codes, cookies or passwords."""


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
        self._date = (-1, b"")

    def reply(self, call: Call, operation: Operation | None, answer: Answer) -> Reply:
        """Return the reply of an answer, and take down the exchange."""
        request = call.request
        journal = self._journal
        number = journal.total + 1
        request_id = f"{splitmix64(self._key + number):016x}"
        headers = [
            (b"date", self._date_header(call.now)),
            (b"content-length", b"%d" % len(answer.body)),
            (REQUEST_ID, request_id.encode()),
            *answer.headers,
        ]
        if answer.status in BODILESS:
            del headers[1]
        elif answer.body and answer.content_type:
            headers.insert(1, (b"content-type", answer.content_type))
        # Only some APIs send secrets; looking for them in each large body would cost as much as all else.
        is_secretive = operation is None or operation.api in SECRETIVE
        # A refusal may say again what was asked.
        if operation is None or is_secretive or answer.status >= 300:
            kept, shown = redacted_answer(answer.body), redacted_headers(headers)
        else:
            kept, shown = _kept(operation, answer), headers
        journal.add(
            Entry(
                id=request_id,
                at=call.now,
                method=request.method,
                host=request.host,
                path=redacted_path(request.path),
                query=redacted_query(request.query),
                status=answer.status,
                client_id=call.client_id,
                operation=None if operation is None else operation.id,
                request_body=redacted_body(request, is_secretive=is_secretive),
                response_body=compact(kept),
                headers=shown,
                user_agent=redacted_agent(request.header(b"user-agent") or ""),
                trace=call.trace,
                access=call.access,
                explain=self._explain,
                origin=redacted_text(request.origin),
                number=number,
            )
        )
        # Headers as a GET's, and nothing behind them (RFC 9110, section 9.3.2); a server would cut it off anyway.
        return Reply(answer.status, headers, b"" if request.method == "HEAD" else answer.body)

    def _date_header(self, now: float) -> bytes:
        second = int(now)
        if self._date[0] != second:
            text = format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)
            self._date = (second, text.encode())
        return self._date[1]


def _kept(operation: Operation, answer: Answer) -> bytes:
    # Documents are large and always the same: a look at them would push all else out of the journal.
    return b"" if operation.api is Api.DOCUMENTS else answer.body
