"""Findings: what a client did wrong or wastefully, as values; what finds them is a leaf (docs/findings.md)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, overload

from mock_sma.errors import UsageError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = "docs/findings.md"
"""The page that tells of each kind of finding."""


class Severity(StrEnum):
    """How bad a finding is, in SARIF's words, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Position among all, 0 for the worst."""
        return list(Severity).index(self)


@frozen(kw_only=True)
class Finding:
    """One thing that a client should do otherwise.

    Attributes:
        id: the id of its kind, such as ``retry-after-ignored``.
        rule: what asks for better: a rule of the FAQ (R17) or a section of an RFC.
        entries: ids of the journal's entries that it rests on, in their order.
        text: what the client did, with numbers.
        fix: what to do instead.
        client_id: the id of the client, or None where its requests did not say.
    """

    id: str
    severity: Severity
    title: str
    rule: str
    entries: tuple[str, ...]
    text: str
    fix: str
    client_id: str | None = None

    @property
    def link(self) -> str:
        """Where the documentation tells of this kind."""
        return f"{PAGE}#{self.id}"

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form of the control API."""
        return {
            "id": self.id,
            "severity": str(self.severity),
            "title": self.title,
            "rule": self.rule,
            "entries": list(self.entries),
            "text": self.text,
            "fix": self.fix,
            "client_id": self.client_id,
            "link": self.link,
        }

    def __str__(self) -> str:
        whose = f" [{self.client_id}]" if self.client_id else ""
        return f"{self.severity}: {self.title} ({self.id}, {self.rule}){whose}: {self.text}. {self.fix}"


class Findings(Sequence[Finding]):
    """Findings, the worst first."""

    __slots__ = ("_found",)

    def __init__(self, found: Iterable[Finding]) -> None:
        self._found = tuple(sorted(found, key=lambda item: item.severity.rank))

    def of(self, client_id: str) -> Findings:
        """Return the findings of one client."""
        return Findings(item for item in self if item.client_id == client_id)

    def at_least(self, severity: Severity | str) -> Findings:
        """Return the findings that are as bad as ``severity`` or worse.

        Raises:
            UsageError: no such severity.
        """
        try:
            least = Severity(severity)
        except ValueError:
            raise UsageError(f"{severity!r} is no severity; there are {', '.join(Severity)}") from None
        return Findings(item for item in self if item.severity.rank <= least.rank)

    def assert_none(self, severity: Severity | str = Severity.WARNING) -> None:
        """Fail where there is a finding as bad as ``severity`` or worse.

        Raises:
            AssertionError: there is one, with all of them as text.
            UsageError: no such severity.
        """
        __tracebackhide__ = True
        if found := self.at_least(severity):
            lines = "\n".join(f"  {item}" for item in found)
            raise AssertionError(f"the client has {len(found)} findings of severity {severity} or worse:\n{lines}")

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<findings: {', '.join(item.id for item in self) or 'none'}>"
