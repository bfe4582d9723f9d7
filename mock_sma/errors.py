"""The exception tree.

MockSmaError
├── ApiError        what SMA would answer; ``Sandbox.handle`` turns it into a wire error
├── ArchiveError   an archive of traffic that cannot be read; says in which entry, and why
├── RowsError      recorded rows that cannot be read; says in which line, and what to do
├── StateError      state that cannot be read or kept; says of which file, and why
├── ScenarioError   a mistake in the user's scenario; carries every problem found, not the first only
└── UsageError      a mistake in a call to us, with a sentence that says what to do instead
    ├── ConflictError   the call is fine, but clashes with what is there
    ├── ForbiddenError  the call is fine, but not from who makes it
    └── UnknownError    the call is about something that is not there

Anything else that escapes is a bug of ours and propagates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence


class MockSmaError(Exception):
    """Base of everything raised on purpose."""


class ArchiveError(MockSmaError):
    """An archive of traffic that cannot be used."""


class RowsError(MockSmaError):
    """A file of recorded rows that cannot be used.

    Attributes:
        line: 1-based line of the file, or None where it is about the whole.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.line = line


class StateError(MockSmaError):
    """State that cannot be read, or cannot be kept for now."""


class UsageError(MockSmaError):
    """A call to mock-sma that cannot be carried out; the message says what to do."""


class ConflictError(UsageError):
    """A call that would be carried out in another state of things: a name that is taken, a bound that is reached."""


class ForbiddenError(UsageError):
    """A call that others may make: the message says who."""


class UnknownError(UsageError):
    """A call about something that is not there; the message says what is."""


@frozen
class Problem:
    """One mistake in a scenario.

    Attributes:
        message: what is wrong, and the nearest valid word where there is one.
        path: key path such as ``plants[0].users[1].owner``; empty for the whole document.
        rule: number of the rule that is broken (``R01``), or None.
        file: name of the file, or None for a document that came without one.
        line: 1-based line, or None when there is no source text.
        column: 1-based column, or None.
    """

    message: str
    path: str = ""
    rule: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        head = f"{where}: " if where else ""
        key = f"{self.path}: " if self.path else ""
        tail = f" ({self.rule})" if self.rule else ""
        return f"{head}{key}{self.message}{tail}"


class Note(str):
    """A warning about a scenario as one reads it, with its parts.

    Attributes:
        problem: what is said, and where.
    """

    __slots__ = ("problem",)
    problem: Problem

    def __new__(cls, problem: Problem) -> Self:
        """Return the text of a problem."""
        made = super().__new__(cls, replace(problem, message=f"warning: {problem.message}"))
        made.problem = problem
        return made

    def __getnewargs__(self) -> tuple[Problem]:  # type: ignore[override]  # for copies, which str makes from its text
        return (self.problem,)


class ScenarioError(MockSmaError):
    """A scenario that cannot be used.

    Attributes:
        problems: every mistake found, in document order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ApiError(MockSmaError):
    """An error as SMA's services answer it.

    Attributes:
        status: HTTP status code.
        message: text of the body's ``message`` (resource APIs) or ``error_description`` (auth host).
        error: OAuth error code such as ``invalid_grant``; None means the ``{"message","code"}`` form.
        headers: extra response headers.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        error: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.status = status
        self.message = message
        self.error = error
        self.headers = headers
        super().__init__(f"{status} {message}")
