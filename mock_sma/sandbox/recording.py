"""From an answer to a reply with its headers, and to an entry of the journal without its secrets."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from mock_sma.sandbox.exchange import Reply, compact
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.journal import Entry
from mock_sma.sandbox.redact import (
    redacted_answer,
    redacted_body,
    redacted_headers,
    redacted_path,
    redacted_query,
)
from mock_sma.seeding import key, splitmix64

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.operation import Call
    from mock_sma.sandbox.sandbox import Sandbox

REQUEST_ID = b"x-mock-sma-request-id"

SECRETIVE = frozenset({Api.AUTH, Api.PAGES, Api.PORTAL})
"""APIs whose answers hold tokens, codes, cookies or passwords."""


class Recorder:
    """Completes answers and puts each exchange into the journal of its world."""

    def __init__(self, world: Sandbox) -> None:
        self._world = world
        self._key = key(world.seed, world.name, "request")
        self._date = (-1, b"")

    def reply(self, call: Call, answer: Answer) -> Reply:
        """Return the reply of an answer, and take down the exchange."""
        request = call.request
        journal = self._world.requests
        request_id = f"{splitmix64(self._key + journal.total + 1):016x}"
        headers = [
            (b"date", self._date_header(call.now)),
            (b"content-length", b"%d" % len(answer.body)),
            (REQUEST_ID, request_id.encode()),
            *answer.headers,
        ]
        if answer.body:
            headers.insert(1, (b"content-type", answer.content_type))
        operation = call.operation
        # Only some APIs send secrets; looking for them in each large body would cost as much as all else.
        is_secretive = operation is None or operation.api in SECRETIVE
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
                request_body=redacted_body(request),
                response_body=compact(redacted_answer(answer.body) if is_secretive else _kept(call, answer)),
                headers=redacted_headers(headers) if is_secretive else headers,
                user_agent=redacted_path(request.header(b"user-agent") or ""),
                trace=call.trace,
                access=call.access,
                origin=request.origin,
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


def _kept(call: Call, answer: Answer) -> bytes:
    # Documents are large and always the same: a look at them would push all else out of the journal.
    return b"" if call.operation is not None and call.operation.api is Api.DOCUMENTS else answer.body
