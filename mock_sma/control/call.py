"""A call of the control API as a value: what is sent, and how its answer is read."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import quote

from mock_sma.errors import MockSmaError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mock_sma.http_library import httpx

Result = TypeVar("Result")


class ControlError(MockSmaError):
    """The control API refused a call, or something else answered in its place.

    Attributes:
        status: the status of the answer.
        problem: its body as problem details (RFC 9457); empty where it was none.
        detail: what is wrong, in words.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], text: str) -> None:
        self.status = status
        self.problem = problem
        self.detail = str(problem.get("detail") or text[:500])
        super().__init__(f"{status}: {self.detail}")


@frozen(kw_only=True)
class ControlCall(Generic[Result]):
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
            ControlError: it is a refusal, or not of the control API.
        """
        check(answer)
        return self.read(answer)


def check(answer: httpx.Response) -> None:
    """Raise :class:`ControlError` where an answer, whose body has been read, is a refusal."""
    if answer.status_code >= 400:
        is_problem = "json" in answer.headers.get("content-type", "")
        raise ControlError(answer.status_code, answer.json() if is_problem else {}, answer.text)


def json_of(answer: httpx.Response) -> Any:
    """Return the JSON of an answer.

    Raises:
        ControlError: it is none.
    """
    try:
        return answer.json()
    except ValueError:
        text = f"{answer.url} is not mock-sma's control API: {answer.text[:100]!r}"
        raise ControlError(answer.status_code, {}, text) from None


def text_of(answer: httpx.Response) -> str:
    """Return the text of an answer."""
    return answer.text


def nothing(_: httpx.Response) -> None:
    """Return that there is nothing to read."""
    return


def quoted(text: str) -> str:
    """Return a text as one segment of a path."""
    return quote(text, safe="")


def given(**values: object) -> dict[str, object]:
    """Return what is not None."""
    return {name: value for name, value in values.items() if value is not None}


def texts(**values: object) -> dict[str, str]:
    """Return what is not None as the texts of a query."""
    return {name: str(value) for name, value in given(**values).items()}


def instant(now: datetime | str | None) -> str | None:
    """Return a time as ISO 8601 text."""
    return now if now is None or isinstance(now, str) else now.isoformat()
