"""Requests that clients of httpx send, as a world gets them, and the way by which each is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.recording import Shown
from mock_sma.testing.life.polls import Polls
from mock_sma.testing.life.renewals import Renewals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.life.polled import Poll, Polled
    from mock_sma.testing.life.polls import Watch

    Field = tuple[bytes, ...]


class Sent:
    """A client's request, which it may send again, as whoever polls does: what stays the same is worked out once.

    Attributes:
        target: host, path, query and scheme.
        way: a client, what it chooses its transport from, and the transport by which it sends the request.
        is_ours: whether that is httpx's own, to a host of SMA's.
        poll: what is known of its last answer; None: it is not one that is asked for again and again.
    """

    __slots__ = ("_fields", "_shown", "is_ours", "poll", "request", "target", "url", "way")

    def __init__(self, request: Any) -> None:
        self.request, self.url = request, request.url
        path, _, query = self.url.raw_path.partition(b"?")
        self.target = (str(self.url.host).lower(), path.decode("ascii"), query.decode("ascii"), str(self.url.scheme))
        self.way: tuple[Any, Any, Any, Any] = (None, None, None, None)
        self.is_ours = False
        self.poll: Poll | None = None
        self._fields: tuple[Any, ...] = ()
        self._shown: Any = None

    def asked(self, method: str, fields: Sequence[Field], body: bytes) -> Request:
        """Return it as the world gets it."""
        headers = {field[-2].lower(): field[-1] for field in fields}
        host, path, query, scheme = self.target
        asked = Request(method, path, query, headers, body, host, scheme)
        # What the journal shows of it; its token, which is not shown, is often another one.
        parts = (method, headers.get(b"host"), headers.get(b"user-agent"))
        if parts == self._fields:
            asked.shown = self._shown
        else:
            self._fields, self._shown = parts, Shown.of(asked)
        return asked


class Ways:
    """Answers requests from a world: what repeats by a way of its own, all else by the world's.

    Args:
        watch: is shown each exchange that does not go by the world's way, where it is seen.
    """

    def __init__(self, world: Sandbox, watch: Watch) -> None:
        self._world = world
        self._polls = Polls(world, watch)
        self._renewals = Renewals(world, watch)

    def answer(self, sent: Sent, request: Any, fields: Sequence[Field]) -> Reply | Polled:
        """Return the answer to a request with these headers."""
        method, body = request.method.upper(), request.read()
        if method == "GET" and not body:
            polled = None if sent.poll is None else self._polls.again(sent.poll, fields)
            if polled is not None:
                return polled
            reply = self._world.handle(sent.asked(method, fields, body))
            sent.poll = self._polls.learn(fields, reply)
            return reply
        if method != "POST":
            return self._world.handle(sent.asked(method, fields, body))
        renewed = self._renewals.again(sent.target, fields, body)
        if renewed is None:
            renewed = self._world.handle(sent.asked(method, fields, body))
            self._renewals.learn(sent.target, fields, body, renewed)
        return renewed
