"""How a client of httpx authenticates and follows redirects in a life: as ever, by fewer steps where no hook looks on.

Most requests of most programs are answered at once, with nothing to follow. What is left of httpx's loops then is one
turn of the program's own authentication flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FLOW, FOLLOWING, SENDING = "_send_handling_auth", "_send_handling_redirects", "_send_single_request"
"""Methods of a client: the first calls the second for each request of a flow, and that the third for each answer."""

REDIRECT = 300
"""From which status on an answer may lead elsewhere."""


class _Answered:
    """A client whose next request has been answered already."""

    def __init__(self, client: Any, response: Any) -> None:
        self._client = client
        self._response = response

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _send_single_request(self, request: Any) -> Any:
        response, self._response = self._response, None
        return self._client._send_single_request(request) if response is None else response  # noqa: SLF001 - in its place


def flowing(http: ModuleType) -> Callable[..., Any]:
    """Return a method of a client that sends all requests of an authentication flow."""
    real, of_all = getattr(http.Client, FLOW), http.Auth.sync_auth_flow
    follow, answer = getattr(http.Client, FOLLOWING), _answering(http)

    def send(self: Any, request: Any, auth: Any, follow_redirects: bool, history: list[Any]) -> Any:
        hooks, kind = self._event_hooks, type(self)
        is_plain = (
            not (hooks["request"] or hooks["response"] or auth.requires_request_body)
            and type(auth).sync_auth_flow is of_all
            and getattr(kind, FOLLOWING) is follow
        )
        if not is_plain:
            return real(self, request, auth, follow_redirects, history)
        flow = auth.auth_flow(request)
        try:
            following = _first(flow)
            while True:
                response = answer(self, following, follow_redirects, history)
                try:
                    if auth.requires_response_body:
                        response.read()
                    try:
                        following = flow.send(response)
                    except StopIteration:
                        return response
                    response.history = list(history)
                    response.read()
                    history.append(response)
                except BaseException:
                    response.close()
                    raise
        finally:
            flow.close()

    return send


def _first(flow: Any) -> Any:
    try:
        return next(flow)
    except StopIteration as error:  # as a generator around this one says it
        raise RuntimeError("generator raised StopIteration") from error


def _answering(http: ModuleType) -> Callable[..., Any]:
    """Return what sends one request of a flow, and follows where its answer leads."""
    follow = getattr(http.Client, FOLLOWING)

    def answer(self: Any, request: Any, follow_redirects: bool, history: list[Any]) -> Any:
        if len(history) > self.max_redirects:
            return follow(self, request, follow_redirects, history)
        response = self._send_single_request(request)
        if response.status_code >= REDIRECT:
            return follow(_Answered(self, response), request, follow_redirects, history)
        response.history = history.copy()
        return response

    return answer
