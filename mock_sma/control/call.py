"""A call of the control API as a value: what is sent, and how its answer is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mock_sma.errors import MockSmaError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

Result = TypeVar("Result")


class ControlError(MockSmaError):
    """The control API refused a call.

    Attributes:
        status: of the answer.
        problem: its body as problem details (RFC 9457); empty where it was none.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], text: str) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{status}: {problem.get('detail') or text[:500]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Result]):
    """One call.

    Attributes:
        path: below the world's address, or below ``/_mock`` where ``of_server``.
        read: makes the result of the answer.
    """

    method: str
    path: str
    read: Callable[[httpx.Response], Result]
    params: Mapping[str, str] = field(default_factory=dict)
    json: object = None
    content: bytes | None = None
    content_type: str | None = None
    of_server: bool = False

    def request(self, client: httpx.Client | httpx.AsyncClient, base: str) -> httpx.Request:
        """Return the request of a client; ``base`` is the world's address."""
        headers = {} if self.content_type is None else {"content-type": self.content_type}
        url = ("/_mock" if self.of_server else base) + self.path
        body: dict[str, Any] = {"content": self.content} if self.json is None else {"json": self.json}
        return client.build_request(self.method, url, params=dict(self.params), headers=headers, **body)

    def result(self, answer: httpx.Response) -> Result:
        """Return what an answer says.

        Raises:
            ControlError: it is a refusal.
        """
        if answer.status_code >= 400:
            is_problem = "json" in answer.headers.get("content-type", "")
            raise ControlError(answer.status_code, answer.json() if is_problem else {}, answer.text)
        return self.read(answer)
