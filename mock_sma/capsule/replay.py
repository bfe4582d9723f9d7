"""Asking a capsule's requests again, in their order, and telling which answers come out the same.

Its secrets are masked, so they are brought anew: the scenario's client secret, and the tokens that the replay itself
has got. What needs a person's login cannot be asked again; its effect on consents is taken from their history.
"""

from __future__ import annotations

from base64 import b64encode
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import orjson

from mock_sma.capsule.restore import beginning, put_estate
from mock_sma.domain.people import Flow
from mock_sma.domain.transitions import TransitionError
from mock_sma.frozen import frozen
from mock_sma.sandbox.exchange import FORM, Request, parameter_pairs
from mock_sma.sandbox.handlers.auth.errors import BAD_CREDENTIALS
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.secrets import MASK
from mock_sma.sandbox.table.operation import Need
from mock_sma.sandbox.wire.tokens import token_body
from mock_sma.scenarios import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.capsule.document import Capsule, ChangePart, ConsentPart, EntryPart
    from mock_sma.sandbox.table.operation import Operation
    from mock_sma.sandbox.world.entry import Entry

LATE = ("client", "simulation")
"""Who changes a consent by a request: the change follows the request, which makes it itself where it is asked again."""


LOGIN = (Api.AUTH, Api.PORTAL)
MACHINES = ("token", "logout")
"""Of these hosts' operations, those that a program asks by itself."""


class Verdict(StrEnum):
    """What became of a request."""

    SAME = "same"
    DIFFERENT = "different"
    SKIPPED = "skipped"


@frozen
class Outcome:
    """A request that was asked again.

    Attributes:
        before: what the capsule holds.
        after: the replay's entry; None where it was not asked.
        text: why it was skipped, or what differs.
    """

    before: EntryPart
    after: Entry | None
    verdict: Verdict
    text: str = ""


def replay(capsule: Capsule) -> Iterator[Outcome]:
    """Yield what became of each request of a capsule, the oldest first.

    Raises:
        ScenarioError: the scenario in it has mistakes.
    """
    return _Replay(capsule).outcomes()


class _Replay:
    """A world at a capsule's beginning, and what has been learnt on the way."""

    def __init__(self, capsule: Capsule) -> None:
        self._capsule = capsule
        self._first = capsule.total - len(capsule.requests)
        self._world = beginning(capsule)
        self._operations = {operation.id: operation for operation in self._world.operations}
        self._tokens: dict[str, list[dict[str, str]]] = {}
        self._changes = deque(
            sorted(
                ((change, index, part) for part in capsule.consents for index, change in enumerate(part.history)),
                key=lambda item: (item[0].requests, item[0].by in LATE, item[0].at, item[1]),
            )
        )

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what became of each request."""
        if changed_by_hand(self._capsule):
            put_estate(self._world, self._capsule)
        self._world.requests.total = self._first
        for number, entry in enumerate(self._capsule.requests, self._first):
            self._catch_up(number)
            self._world.clock.freeze(datetime.fromtimestamp(entry.at, UTC))
            outcome = self._again(entry)
            self._world.requests.total = number + 1
            yield outcome

    # ---- consents -------------------------------------------------------------------------------------

    def _catch_up(self, number: int) -> None:
        """Do what had happened to consents when request ``number`` came, as far as it has not happened by itself."""
        while self._changes:
            change, index, part = self._changes[0]
            if change.requests > number or (change.requests == number and change.by in LATE):
                return
            self._changes.popleft()
            self._happen(change, index, part)

    def _happen(self, change: ChangePart, index: int, part: ConsentPart) -> None:
        consents = self._world.consents
        found = consents.find(part.id)
        if found is None:
            self._world.identifiers.uuid("consent")
            consents.put(part.record(1))
        elif len(found.history) <= index:
            with suppress(TransitionError):
                consents.happen(found, change.event, change.at, change.by)

    # ---- requests -------------------------------------------------------------------------------------

    def _again(self, entry: EntryPart) -> Outcome:
        operation = self._operations.get(entry.operation or "")
        try:
            request = self._request(entry, operation)
        except _UnaskableError as error:
            return Outcome(entry, None, Verdict.SKIPPED, str(error))
        reply = self._world.handle(request)
        after = self._world.requests[-1]
        is_token = operation is not None and operation.id == "token"
        if is_token and reply.status == 200 and after.client_id is not None:
            self._tokens.setdefault(after.client_id, []).append(orjson.loads(reply.body))
        if after.status != entry.status:
            text = f"{entry.status} then, {after.status} now: {after.why}"
        elif after.response_body != entry.body("response_body") and not (is_token and self._first):
            text = f"{len(after.response_body)} bytes instead of {len(entry.body('response_body'))}, or others"
        else:
            return Outcome(entry, after, Verdict.SAME)
        if any(kind == "fault" for kind, _ in entry.why):
            return Outcome(entry, after, Verdict.SKIPPED, "a fault rule had struck it, which was added by hand")
        return Outcome(entry, after, Verdict.DIFFERENT, text)

    def _request(self, entry: EntryPart, operation: Operation | None) -> Request:
        headers = {b"host": entry.host.encode("latin-1"), b"user-agent": entry.user_agent.encode("latin-1")}
        body = entry.body("request_body")
        if MASK in entry.query or (operation is not None and operation.api in LOGIN and operation.id not in MACHINES):
            raise _UnaskableError("it belongs to a person's login, whose secrets no capsule holds")
        if body.startswith(MASK.encode()):
            raise _UnaskableError("its body could not be read, and may have held a secret, which no capsule holds")
        if body:
            headers[b"content-type"] = b"application/json" if body[:1] in b"{[" else FORM
        if operation is not None and operation.need is Need.TOKEN and entry.client_id is not None:
            headers[b"authorization"] = b"Bearer " + self._token(entry).encode()
        elif operation is not None and operation.api is Api.AUTH:
            body = self._filled(entry, body, headers)
        return Request(entry.method, entry.path, entry.query, headers, body, entry.host)

    def _token(self, entry: EntryPart) -> str:
        """Return the client's newest token; for a request that was refused, the newest one that has expired."""
        client = self._world.clients.get(entry.client_id or "")
        if client is None or client.flow is not Flow.CUSTOM:
            raise _UnaskableError("it used a token of a person's login, whose secrets no capsule holds")
        known = [answer["access_token"] for answer in self._tokens.get(client.id, ())]
        if entry.status == 401:
            known = [token for token in known if self._expires(token) <= entry.at] or known
        if known:
            return known[-1]
        session = self._world.sessions.open(client, client.scopes, None, entry.at)
        tokens = self._world.sessions.tokens(session, entry.at)
        self._tokens[client.id] = [orjson.loads(token_body(tokens))]
        return tokens.access

    def _expires(self, token: str) -> float:
        claims = self._world.sessions.maker.read_access(token).claims
        return float(claims["exp"]) if claims else 0.0

    def _filled(self, entry: EntryPart, body: bytes, headers: dict[bytes, bytes]) -> bytes:
        """Return a form with the replay's own secrets in place of the masked ones."""
        client = self._world.clients.get(entry.client_id or "")
        # What was refused as the wrong secret is asked with a wrong one; there are other reasons for a 401.
        was_wrong = BAD_CREDENTIALS.encode() in entry.body("response_body")
        secret = client.secret if client is not None and not was_wrong else "wrong"
        known = self._tokens.get(entry.client_id or "", [])
        values = {"client_secret": secret, "refresh_token": known[-1]["refresh_token"] if known else MASK}
        pairs = [
            (name, values.get(name.lower(), value) if value == MASK else value)
            for name, value in parameter_pairs(body.decode("utf-8", "replace"))
        ]
        if any(value == MASK for _, value in pairs):
            raise _UnaskableError("it carried a secret of its own, which no capsule holds")
        if client is not None and not any(name.lower() == "client_secret" for name, _ in pairs):
            headers[b"authorization"] = b"Basic " + b64encode(f"{client.id}:{secret}".encode())
        return urlencode(pairs).encode()


class _UnaskableError(Exception):
    """A request that cannot be asked again, with the reason."""


def changed_by_hand(capsule: Capsule) -> bool:
    """Tell whether plants or people are other than the timeline has made them."""
    if capsule.present is None:
        return False
    by_itself, present = beginning(capsule), load_scenario(capsule.present)
    by_itself.clock.freeze(datetime.fromtimestamp(capsule.clock.now, UTC))
    return (tuple(by_itself.estate.plants.values()), tuple(by_itself.estate.users.values())) != (
        present.plants,
        present.users,
    )
